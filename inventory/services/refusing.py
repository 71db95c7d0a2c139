"""What the database refuses, said in words. Source: requirement C-13."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError

from inventory.errors import BundleHasNoStock

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
