"""`python -m bench.shop.management PRODUCTS SPREAD`: fill a shop, say what may be asked for."""

from __future__ import annotations

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from bench.shop.world import open_shop

    products, spread = (int(word) for word in sys.argv[1:])
    sys.stdout.write(json.dumps(open_shop(products, spread)))
