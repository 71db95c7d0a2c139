"""A payment provider in the house: signs and encrypts like WeChat Pay v3, keeps a book of its own.

The mall reads that book only through ``query``, ``close`` and ``refund``, as it would any
provider's. Demo and tests only. Source: reliability.md 0.2 (WeChat column).
"""
