"""From when until when goods are shown: planned here, true by the clock. Source: C-06.

What is shown follows from the columns alone (`Product.on_shelf`, the windows of shelf cards), so it
begins and ends with every worker stopped. The job only writes down what has happened since: status,
price history, audit, events.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from catalog.errors import ShelfTimesNotValid
from catalog.events import ProductPublished, ProductTakenOff
from catalog.models import Product
from catalog.services.pricing import note_offering
from catalog.services.publishing import move_product
from catalog.services.shelving import mark_offering
from mall.kernel import audit
from mall.kernel.outbox import publish

BATCH = 200


@transaction.atomic
def set_shelf_times(
    *,
    product: Product,
    on_shelf_at: datetime | None,
    off_shelf_at: datetime | None,
    at: datetime,
    actor: Any = None,
) -> Product:
    """Show a product from one instant until another; None: at once, and for ever.

    It still has to be put on sale. Locks: the product. Raises: ShelfTimesNotValid.
    """
    product = Product.objects.locked().get(pk=product.pk)
    before = _words(product)
    if (on_shelf_at, off_shelf_at) == (product.on_shelf_at, product.off_shelf_at):
        return product
    _check(product, on_shelf_at, off_shelf_at, at)
    product.on_shelf_at, product.off_shelf_at = on_shelf_at, off_shelf_at
    if product.status == Product.Status.ON_SALE and _is_unseen(product, at):
        product.listed_at = max(at, on_shelf_at or at)
    product.version += 1
    product.save(update_fields=["on_shelf_at", "off_shelf_at", "listed_at", "version"])
    audit.record(
        actor=actor,
        verb="catalog.set_shelf_times",
        target=product,
        at=at,
        before=before,
        after=_words(product),
    )
    if product.status == Product.Status.ON_SALE:
        note_offering(product.pk, at)
        mark_offering(product.pk)
    return product


def write_due_shelf_times(at: datetime) -> int:
    """Write down what the clock has shown or hidden by itself; returns how many products.

    One transaction a product. Locks: the product. Emits: ProductPublished, ProductTakenOff.
    """
    due = Product.objects.on_sale().filter(_due(at)).order_by("pk")
    return sum(_write(pk, at) for pk in list(due.values_list("pk", flat=True)[:BATCH]))


def _due(at: datetime) -> Q:
    has_begun = Q(on_shelf_at__lte=at, relisted_at__lt=F("on_shelf_at"))
    return has_begun | Q(off_shelf_at__lte=at)


@transaction.atomic
def _write(product_id: int, at: datetime) -> bool:
    product = Product.objects.locked().on_sale().filter(_due(at), pk=product_id).first()
    if product is None:
        return False
    if product.on_shelf_at is not None and product.on_shelf_at <= at:
        _has_begun(product, product.on_shelf_at)
    if product.off_shelf_at is not None and product.off_shelf_at <= at:
        over_at = product.off_shelf_at
        move_product(product, Product.Status.OFF_SALE, over_at, None, verb="catalog.leave_shelf")
        publish(ProductTakenOff(product_id=product.pk, at=over_at))
    return True


def _has_begun(product: Product, since: datetime) -> None:
    if product.relisted_at is not None and product.relisted_at >= since:
        return
    product.relisted_at = since
    product.save(update_fields=["relisted_at"])
    audit.record(actor=None, verb="catalog.enter_shelf", target=product, at=since)
    note_offering(product.pk, since)
    mark_offering(product.pk)
    publish(ProductPublished(product_id=product.pk, at=since))


def _check(
    product: Product, on_shelf_at: datetime | None, off_shelf_at: datetime | None, at: datetime
) -> None:
    if off_shelf_at is not None and off_shelf_at <= max(at, on_shelf_at or at):
        raise ShelfTimesNotValid(title=product.title_zh)


def _is_unseen(product: Product, at: datetime) -> bool:
    return product.listed_at is None or product.listed_at > at


def _words(product: Product) -> dict[str, str]:
    times = {"on_shelf_at": product.on_shelf_at, "off_shelf_at": product.off_shelf_at}
    return {name: time.isoformat() if time else "" for name, time in times.items()}
