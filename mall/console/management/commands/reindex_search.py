"""``manage.py reindex_search``: search vectors and words of the shop of every product, again.

To be run once after an update that changes how texts are indexed; searches go on meanwhile.
"""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.models import Product, SearchWord
from catalog.services import index_products, sweep_words

BATCH = 500


class Command(BaseCommand):
    help = "Index every product again, in transactions of 500."

    def handle(self, *args: Any, **options: Any) -> None:
        ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), BATCH):
            index_products(ids[start : start + BATCH])
        sweep_words()
        self.stdout.write(f"{len(ids)} products, {SearchWord.objects.count()} words")
