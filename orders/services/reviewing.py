"""What buyers say: once per received line, only by its buyer (INV-29)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from catalog.services import add_rating, digest_of_words
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from orders.errors import AlreadyReviewed, NotReviewable
from orders.events import ReviewWritten
from orders.models import OrderLine, Review
from orders.services.moderating import hold_same_text, suspicions_of


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
    """Write the review of one line; shown at once, and its rating counted, unless it is suspect.

    A suspect one waits for a person, and so do those of the same text written before (C-59, C-60).
    Locks: the same member's reviews of the same text, the product (counting). Raises: NotFound,
    NotReviewable, AlreadyReviewed. Emits: ReviewWritten.
    """
    line = _reviewable_line(member_id, order_number, line_id)
    assert line.product_id is not None
    digest = digest_of_words(text)
    suspicions = suspicions_of(text, digest, member_id=member_id, product_id=line.product_id)
    try:
        with transaction.atomic():
            review = Review.objects.create(
                line=line,
                product_id=line.product_id,
                member_id=member_id,
                rating=rating,
                text=text,
                is_anonymous=is_anonymous,
                is_shown=not suspicions,
                is_pending=bool(suspicions),
                suspicions=suspicions,
                text_digest=digest,
                written_at=at,
            )
    except IntegrityError as error:
        raise AlreadyReviewed from error
    if review.is_shown:
        add_rating(product_id=review.product_id, rating=rating)
    if Review.Suspicion.DUPLICATE in suspicions:
        hold_same_text(member_id=member_id, digest=digest)
    _announce(review, line, at)
    return review


def _announce(review: Review, line: OrderLine, at: datetime) -> None:
    publish(
        ReviewWritten(
            order_id=line.order_id,
            number=line.order.number,
            member_id=review.member_id,
            review_id=review.pk,
            product_id=review.product_id,
            rating=review.rating,
            at=at,
        )
    )


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
