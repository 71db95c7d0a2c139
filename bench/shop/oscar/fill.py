"""`python -m bench.shop.oscar.fill GOODS.csv 17,38`: tables, the mall's goods, the search index;
says where its categories and the named goods are, as JSON. Runs in django-oscar's own Python.
"""

from __future__ import annotations

import csv
import itertools
import json
import shutil
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

BATCH = 2_000
FEN_IN_YUAN = 100
Row = dict[str, str]


def main() -> int:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _missing_picture()
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        categories = _put(csv.DictReader(file))
    call_command("rebuild_index", interactive=False, verbosity=0, batchsize=BATCH)
    from oscar.apps.catalogue.models import Product

    asked = Product.objects.in_bulk([int(pk) for pk in sys.argv[2].split(",")])
    said = {
        "category_paths": [category.get_absolute_url() for category in categories.values()],
        "product_paths": [product.get_absolute_url() for product in asked.values()],
    }
    sys.stdout.write(json.dumps(said))
    return 0


def _missing_picture() -> None:
    """What it shows of goods without a picture must lie where it looks for pictures."""
    import oscar
    from django.conf import settings

    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    own = Path(oscar.__file__).parent / "static" / "oscar" / "img" / "image_not_found.jpg"
    shutil.copy(own, settings.MEDIA_ROOT)


def _put(rows: Iterator[Row]) -> dict[str, Any]:
    """The goods in batches, each under its category, which are given by their addresses."""
    from oscar.apps.catalogue.models import Category, Product, ProductCategory, ProductClass
    from oscar.apps.partner.models import Partner, StockRecord

    goods = ProductClass.objects.create(name="Goods", track_stock=True)
    partner = Partner.objects.create(name="Mall", code="mall")
    categories: dict[str, Any] = {}
    while batch := list(itertools.islice(rows, BATCH)):
        for row in batch:
            slug = row["category"]
            if slug not in categories:
                categories[slug] = Category.add_root(name=row["category_title"], slug=slug)
        Product.objects.bulk_create(
            Product(
                pk=int(row["id"]), title=row["title"], slug=row["slug"], upc=row["code"],
                product_class=goods,
            )
            for row in batch
        )  # fmt: skip
        ProductCategory.objects.bulk_create(
            ProductCategory(product_id=int(row["id"]), category=categories[row["category"]])
            for row in batch
        )
        StockRecord.objects.bulk_create(
            StockRecord(
                product_id=int(row["id"]), partner=partner, partner_sku=row["code"],
                price=Decimal(row["price_fen"]) / FEN_IN_YUAN, num_in_stock=int(row["pieces"]),
            )
            for row in batch
        )  # fmt: skip
    _analyze()
    return categories


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
