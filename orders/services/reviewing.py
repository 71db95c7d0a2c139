"""What buyers say: once per received line, only by its buyer (INV-29), added to once. Source:
C-56."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from catalog.services import add_rating, digest_of_words
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from orders.errors import (
    AlreadyAdded,
    AlreadyReviewed,
    NotReviewable,
    NotYetShown,
    TooManyReviewPictures,
)
from orders.events import ReviewWritten
from orders.malice import DUPLICATE
from orders.models import (
    MOST_PICTURES,
    MOST_VIDEOS,
    OrderLine,
    Review,
    ReviewAppend,
    ReviewPicture,
    Upload,
)
from orders.services.moderating import hold_same_text, weigh_addition, weigh_review


@transaction.atomic
def write_review(
    *,
    member_id: int,
    order_number: str,
    line_id: int,
    rating: int,
    text: str,
    is_anonymous: bool = False,
    upload_ids: tuple[int, ...] = (),
    at: datetime,
) -> Review:
    """Write the review of one line; shown at once, and its rating counted, unless it is suspect.

    A suspect one waits for a person, and so do those of the same text written before (C-59, C-60).
    Locks: the same member's reviews of the same text, the pictures, the product (counting). Raises:
    NotFound, NotReviewable, AlreadyReviewed, TooManyReviewPictures. Emits: ReviewWritten.
    """
    line = _reviewable_line(member_id, order_number, line_id)
    assert line.product_id is not None
    digest = digest_of_words(text)
    found = weigh_review(text, digest, rating=rating, line=line, at=at)
    try:
        with transaction.atomic():
            review = Review.objects.create(
                line=line,
                product_id=line.product_id,
                member_id=member_id,
                rating=rating,
                text=text,
                is_anonymous=is_anonymous,
                is_shown=not found.is_held,
                is_pending=found.is_held,
                suspicions=list(found.signs),
                suspicion_points=found.points,
                text_digest=digest,
                has_media=bool(upload_ids),
                written_at=at,
            )
    except IntegrityError as error:
        raise AlreadyReviewed from error
    _take_pictures(review, upload_ids)
    if review.is_shown:
        add_rating(product_id=review.product_id, rating=rating)
    if found.is_held and DUPLICATE in found.signs:
        hold_same_text(member_id=member_id, digest=digest, found=found)
    _announce(review, line, at)
    return review


@transaction.atomic
def append_review(
    *,
    member_id: int,
    order_number: str,
    line_id: int,
    text: str,
    upload_ids: tuple[int, ...] = (),
    at: datetime,
) -> ReviewAppend:
    """Add to one's own review, once; suspect words wait for a person, the review stays as it is.

    Locks: the review, the pictures. Raises: NotFound, AlreadyAdded, NotYetShown for a review that
    waits or is hidden itself, TooManyReviewPictures.
    """
    mine = Review.objects.filter(
        line_id=line_id, line__order__number=order_number, member_id=member_id
    )
    review = Review.objects.filter(pk__in=mine).locked().first()
    if review is None:
        raise NotFound
    if ReviewAppend.objects.filter(review=review).exists():
        raise AlreadyAdded
    if not review.is_shown:
        raise NotYetShown
    found = weigh_addition(text)
    addition = ReviewAppend.objects.create(
        review=review,
        text=text,
        is_shown=not found.is_held,
        is_pending=found.is_held,
        suspicions=list(found.signs),
        written_at=at,
    )
    _take_pictures(review, upload_ids, is_appended=True)
    if upload_ids and addition.is_shown and not review.has_media:
        Review.objects.filter(pk=review.pk).update(has_media=True)
    return addition


def _take_pictures(
    review: Review, upload_ids: Collection[int], *, is_appended: bool = False
) -> None:
    """Only one's own, each for one review, in the order named. Raises: TooManyReviewPictures,
    NotFound."""
    wanted = list(dict.fromkeys(upload_ids))
    if not wanted:
        return
    mine = Upload.objects.filter(
        pk__in=wanted,
        member_id=review.member_id,
        purpose=Upload.Purpose.REVIEW,
        shown_in__isnull=True,
    )
    found = {row.pk: row for row in mine}
    if len(found) != len(wanted):
        raise NotFound
    videos = sum(row.video_id is not None for row in found.values())
    if videos > MOST_VIDEOS or len(found) - videos > MOST_PICTURES:
        raise TooManyReviewPictures(pictures=MOST_PICTURES, videos=MOST_VIDEOS)
    rows = [
        ReviewPicture(review=review, upload=found[pk], is_appended=is_appended) for pk in wanted
    ]
    try:
        with transaction.atomic():
            ReviewPicture.objects.bulk_create(rows)
    except IntegrityError as error:
        raise NotFound from error


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
