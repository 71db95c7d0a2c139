"""What the catalogue does after its own events, where nobody has to wait for it."""

from catalog.events import ListingsOutdated
from catalog.services import grade_products
from mall.kernel.outbox import subscribe


def grade_again(event: ListingsOutdated) -> None:
    """Scores and flags follow what they are measured by."""
    grade_products(event.product_ids)


def connect() -> None:
    """Listen; called from apps.py."""
    subscribe(ListingsOutdated, grade_again)
