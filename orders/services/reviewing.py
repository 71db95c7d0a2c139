"""What buyers say: once per received line, only by its buyer (INV-29)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from catalog.services import add_rating
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
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

    Locks: the product (counting). Raises: NotFound, NotReviewable, AlreadyReviewed. Emits: ReviewWritten.
    """
    line = (
        OrderLine.objects.select_related("order")
        .filter(pk=line_id, order__number=order_number, order__member_id=member_id)
        .first()
    )
    if line is None:
        raise NotFound
    kept = line.product_id is not None and line.refunded < line.quantity
    if not (kept and line.order.is_received):
        raise NotReviewable
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
