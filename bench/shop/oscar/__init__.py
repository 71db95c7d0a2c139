"""The least project that shows django-oscar's shop, as its sandbox does, for `make bench-shop`.

It runs in a Python of its own (requirements.txt), never in the mall's.
"""
