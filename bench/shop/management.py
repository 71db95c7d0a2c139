"""`python -m bench.shop.management PRODUCTS SPREAD CATEGORIES`: fill a shop, say what is in it."""

from __future__ import annotations

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from bench.shop.world import open_shop
    from mall.kernel import clock

    sys.stdout.write(json.dumps(open_shop(*(int(word) for word in sys.argv[1:]), at=clock.now())))
