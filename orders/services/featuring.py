"""Buyers' words that the shop answers, puts first and rewards, and that members like. Source: C-56,
C-57, C-73."""

from datetime import datetime

from django.db import transaction

from mall.kernel import audit
from mall.kernel.errors import NotFound
from mall.kernel.notify import notify
from members.models import Account, PointsEntry
from members.services import earn_points
from orders.errors import FeaturedIsShown, NothingToReply
from orders.messages import REVIEW_REPLIED
from orders.models import Review, ReviewLike
from orders.services.moderating import voices_policy

REWARDED = "review"
"""The source of the reward in the points ledger, with the review's id: once, whatever comes."""


@transaction.atomic
def feature_review(*, review: Review, actor: Account, at: datetime) -> None:
    """Put a review first, and give its writer the reward the first time.

    Locks: the review, then the points account. Raises: FeaturedIsShown. Doing it twice changes
    nothing.
    """
    row = Review.objects.locked().get(pk=review.pk)
    if not row.is_shown:
        raise FeaturedIsShown
    if row.is_featured:
        return
    row.is_featured, row.featured_at = True, at
    row.save(update_fields=["is_featured", "featured_at"])
    points = voices_policy().reward_points
    earn_points(
        member_id=row.member_id,
        points=points,
        source_type=REWARDED,
        source_id=str(row.pk),
        kind=PointsEntry.Kind.REVIEW,
        at=at,
    )
    audit.record(
        actor=actor,
        verb="orders.feature_review",
        target=row,
        at=at,
        before={"is_featured": False},
        after={"is_featured": True, "points": points},
    )


@transaction.atomic
def unfeature_review(*, review: Review, actor: Account, at: datetime) -> None:
    """Put a review among the others again; a reward given stays given. Locks: the review."""
    if not Review.objects.filter(pk=review.pk, is_featured=True).update(is_featured=False):
        return
    audit.record(
        actor=actor,
        verb="orders.unfeature_review",
        target=review,
        at=at,
        before={"is_featured": True},
        after={"is_featured": False},
    )


@transaction.atomic
def reply_review(*, review: Review, text: str, actor: Account, at: datetime) -> None:
    """Answer a review for the shop; a second reply takes the place of the first, which stays in the
    trail. Its writer is told. Locks: the review. Raises: NothingToReply."""
    text = text.strip()
    if not text:
        raise NothingToReply
    row = Review.objects.locked().get(pk=review.pk)
    if row.reply == text:
        return
    before, row.reply, row.replied_at, row.replied_by = row.reply, text, at, actor
    row.save(update_fields=["reply", "replied_at", "replied_by"])
    audit.record(
        actor=actor,
        verb="orders.reply_review",
        target=row,
        at=at,
        before={"reply": before},
        after={"reply": text},
    )
    told = Review.objects.select_related("member", "product").get(pk=row.pk)
    notify(
        [told.member.account_id],
        REVIEW_REPLIED,
        {"title": told.product.title_zh},
        at=at,
        route=("storefront:product", (told.product_id,)),
        source=f"review:{row.pk}:{at.isoformat()}",
    )


@transaction.atomic
def like_review(*, review_id: int, member_id: int, at: datetime) -> int:
    """Like a shown review, once a member; how many like it now. Locks: the review. Raises:
    NotFound."""
    review = _seen(review_id)
    _like, is_new = ReviewLike.objects.get_or_create(
        review=review, member_id=member_id, defaults={"at": at}
    )
    return _count(review, int(is_new))


@transaction.atomic
def unlike_review(*, review_id: int, member_id: int) -> int:
    """Like it no more; how many like it now. Locks: the review. Raises: NotFound."""
    review = _seen(review_id)
    gone, _rows = ReviewLike.objects.filter(review=review, member_id=member_id).delete()
    return _count(review, -gone)


def _seen(review_id: int) -> Review:
    review: Review | None = Review.objects.shown().filter(pk=review_id).locked().first()
    if review is None:
        raise NotFound
    return review


def _count(review: Review, change: int) -> int:
    if change:
        review.likes_count += change
        review.save(update_fields=["likes_count"])
    return review.likes_count
