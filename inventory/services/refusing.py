"""What the database refuses, said in words. Source: requirement C-13."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError

from catalog.models import Sku
from inventory.errors import BundleHasNoStock, BundleIsSupplied
from inventory.models import SupplierSku
from mall.kernel.words import localized

OF_BUNDLE = "is a bundle: its parts are in stock"


@contextmanager
def refusing_bundles() -> Iterator[None]:
    """Around new stock rows: a bundle gets none, and the transaction is over. Asking first would
    cost every receipt a statement. Raises: BundleHasNoStock."""
    try:
        yield
    except IntegrityError as error:
        if OF_BUNDLE not in str(error):
            raise
        raise BundleHasNoStock from error


def check_not_supplied(sku: Sku) -> None:
    """Before a SKU becomes a bundle: nobody may go on telling us of pieces of it. Queries: 1.
    Raises: BundleIsSupplied."""
    goods = SupplierSku.objects.filter(sku=sku, is_active=True).select_related("supplier").first()
    if goods is not None:
        raise BundleIsSupplied(sku=sku.code, supplier=localized(goods.supplier, "title"))
