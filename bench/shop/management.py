"""The mall's side in a process of its own: `python -m bench.shop.management open PRODUCTS SPREAD
CATEGORIES` fills a shop and says what is in it, `goods FILE` writes its goods down for another
shop."""

from __future__ import annotations

import json
import sys

import django


def main() -> None:
    """Set Django up, then do the one or the other."""
    django.setup()
    from bench.shop.world import open_shop, write_goods
    from mall.kernel import clock

    deed, *words = sys.argv[1:]
    if deed == "goods":
        write_goods(words[0])
    else:
        sizes = [int(word) for word in words]
        sys.stdout.write(json.dumps(open_shop(*sizes, at=clock.now())))


if __name__ == "__main__":
    main()
