"""What buyers say: once per received line, only by its buyer (INV-29)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from catalog.services import add_rating
from mall.kernel import audit
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from members.models import Account
from orders.errors import AlreadyReviewed, NotReviewable
from orders.events import ReviewWritten
from orders.models import OrderLine, Review


@transaction.atomic
def write_review(
    *,
    member_id: int,
    order_number: str,
    line_id: int,
    rating: int,
    text: str,
    is_anonymous: bool = False,
    at: datetime,
) -> Review:
    """Write the review of one line and count its rating.

    Locks: the product (counting). Raises: NotFound, NotReviewable, AlreadyReviewed. Emits:
    ReviewWritten.
    """
    line = _reviewable_line(member_id, order_number, line_id)
    assert line.product_id is not None
    try:
        with transaction.atomic():
            review = Review.objects.create(
                line=line,
                product_id=line.product_id,
                member_id=member_id,
                rating=rating,
                text=text,
                is_anonymous=is_anonymous,
                written_at=at,
            )
    except IntegrityError as error:
        raise AlreadyReviewed from error
    add_rating(product_id=review.product_id, rating=rating)
    publish(
        ReviewWritten(
            order_id=line.order_id,
            number=order_number,
            member_id=member_id,
            review_id=review.pk,
            product_id=review.product_id,
            rating=rating,
            at=at,
        )
    )
    return review


def _reviewable_line(member_id: int, order_number: str, line_id: int) -> OrderLine:
    """An own line of received goods, with its product. Raises: NotFound, NotReviewable."""
    line = (
        OrderLine.objects.select_related("order", "product")
        .filter(pk=line_id, order__number=order_number, order__member_id=member_id)
        .first()
    )
    if line is None:
        raise NotFound
    kept = line.product_id is not None and line.refunded < line.quantity
    if not (kept and line.order.is_received):
        raise NotReviewable
    return line


@transaction.atomic
def show_review(*, review: Review, is_shown: bool, actor: Account, at: datetime) -> None:
    """Take a review off the shop's pages or put it back; its rating counts while it is shown.

    Locks: the review. Doing it twice changes nothing.
    """
    changed = Review.objects.filter(pk=review.pk).exclude(is_shown=is_shown)
    if not changed.update(is_shown=is_shown):
        return
    add_rating(product_id=review.product_id, rating=review.rating, count=1 if is_shown else -1)
    audit.record(
        actor=actor,
        verb="orders.show_review" if is_shown else "orders.hide_review",
        target=review,
        at=at,
        before={"is_shown": not is_shown},
        after={"is_shown": is_shown},
    )
