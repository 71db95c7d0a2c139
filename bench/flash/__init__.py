"""The parts of the flash sale load run (`bench/flashsale.py`)."""
