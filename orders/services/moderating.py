"""Which words of buyers wait for a person, and what that person decides. Source: C-59, C-60."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from catalog.services import Text, add_rating, blocking_words, names_any
from mall.kernel import audit
from members.models import Account
from orders.errors import ReviewReasonMissing
from orders.malice import LOWEST, Limits, Suspicion, Voice, suspect
from orders.models import OrderLine, Review, ReviewAppend, ReviewPicture, VoicesPolicy


def voices_policy() -> VoicesPolicy:
    """The shop's rules of reviews, or the usual ones. Queries: 1."""
    return VoicesPolicy.objects.first() or VoicesPolicy()


@transaction.atomic
def save_voices_policy(*, changes: dict[str, Any], actor: Account, at: datetime) -> VoicesPolicy:
    """Change the rules; what was decided before stays. Locks: the row."""
    VoicesPolicy.objects.get_or_create(pk=1)
    policy = VoicesPolicy.objects.select_for_update().get(pk=1)
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.save(update_fields=list(changes))
    audit.record(
        actor=actor,
        verb="orders.save_voices_policy",
        target=policy,
        at=at,
        before=before,
        after=changes,
    )
    return policy


def has_banned_words(text: str) -> bool:
    """Whether shoppers must not read this before a person has. Queries: 2."""
    return bool(blocking_words([Text(_("review"), text, is_title=True)]))


def weigh_review(
    text: str, digest: str, *, rating: int, line: OrderLine, at: datetime
) -> Suspicion:
    """What speaks against a new review of its buyer, by the shop's limits.

    Locks: the member's reviews of the same text. Queries: 5.
    """
    policy, member_id = voices_policy(), line.order.member_id
    assert member_id is not None, "imported orders are not reviewed here"
    same = Review.objects.filter(member_id=member_id, text_digest=digest).order_by("pk").locked()
    products = {row.product_id for row in same} | {line.product_id}
    burst_from = at - timedelta(minutes=policy.burst_minutes)
    before = Review.objects.filter(member_id=member_id).aggregate(
        all=Count("pk"),
        one_star=Count("pk", Q(rating=LOWEST)),
        recent=Count("pk", Q(written_at__gt=burst_from)),
    )
    voice = Voice(
        rating=rating,
        has_banned_words=has_banned_words(text),
        has_rival_words=names_any(text, policy.rival_words),
        same_text_products=len(products),
        reviews=before["all"] + 1,
        one_star_reviews=before["one_star"] + (rating == LOWEST),
        recent_reviews=before["recent"] + 1,
        is_bought=bool(line.payable_fen or line.order.points_used),
    )
    return suspect(voice, limits_of(policy))


def weigh_addition(text: str) -> Suspicion:
    """What speaks against words that are added to a review. Queries: 3."""
    policy = voices_policy()
    rival = names_any(text, policy.rival_words)
    voice = Voice(has_banned_words=has_banned_words(text), has_rival_words=rival)
    return suspect(voice, limits_of(policy))


def limits_of(policy: VoicesPolicy) -> Limits:
    """The policy as the sum reads it."""
    return Limits(
        hold_from_points=policy.hold_from_points,
        same_text_products=policy.same_text_products,
        one_star_reviews=policy.one_star_reviews,
        burst_reviews=policy.burst_reviews,
    )


def hold_same_text(*, member_id: int, digest: str, found: Suspicion) -> None:
    """Let every shown review of this member and text wait; what a person let through stays: it was
    held before, and its points say so.

    The writing verb holds their locks. Queries: 3 and those of counting.
    """
    shown = Review.objects.filter(
        member_id=member_id,
        text_digest=digest,
        is_shown=True,
        suspicion_points__lt=voices_policy().hold_from_points,
    ).order_by("product_id", "pk")
    for review in shown:
        review.is_shown, review.is_pending = False, True
        review.suspicions, review.suspicion_points = list(found.signs), found.points
        review.save(update_fields=["is_shown", "is_pending", "suspicions", "suspicion_points"])
        add_rating(product_id=review.product_id, rating=review.rating, count=-1)


@transaction.atomic
def show_review(*, review: Review, actor: Account, at: datetime) -> None:
    """Let a waiting review through, or put a hidden one back; its rating counts from now on.

    Locks: the review, the product (counting). Doing it twice changes nothing.
    """
    before = _state(review)
    changed = Review.objects.filter(pk=review.pk, is_shown=False)
    if not changed.update(is_shown=True, is_pending=False, hidden_reason=""):
        return
    add_rating(product_id=review.product_id, rating=review.rating)
    _note("orders.show_review", review, (before, "shown"), actor=actor, at=at)


@transaction.atomic
def hide_review(*, review: Review, reason: str, actor: Account, at: datetime) -> None:
    """Take a review off the shop's pages for a reason; its rating counts no more.

    Locks: the review, the product (counting). Raises: ReviewReasonMissing. Doing it twice changes
    nothing.
    """
    reason = given_reason(reason)
    row = Review.objects.locked().get(pk=review.pk)
    if not (row.is_shown or row.is_pending):
        return
    before, counted = _state(row), row.is_shown
    row.is_shown, row.is_pending, row.hidden_reason = False, False, reason
    row.save(update_fields=["is_shown", "is_pending", "hidden_reason"])
    if counted:
        add_rating(product_id=row.product_id, rating=row.rating, count=-1)
    _note("orders.hide_review", row, (before, "hidden"), reason=reason, actor=actor, at=at)


@transaction.atomic
def show_addition(*, addition: ReviewAppend, actor: Account, at: datetime) -> None:
    """Let a waiting addition through, or put a hidden one back. Doing it twice changes nothing."""
    before = _state(addition)
    changed = ReviewAppend.objects.filter(pk=addition.pk, is_shown=False)
    if changed.update(is_shown=True, is_pending=False, hidden_reason=""):
        _settle_media(addition.review_id)
        _note("orders.show_addition", addition, (before, "shown"), actor=actor, at=at)


@transaction.atomic
def hide_addition(*, addition: ReviewAppend, reason: str, actor: Account, at: datetime) -> None:
    """Take an addition off the pages for a reason; the review stays. Raises:
    ReviewReasonMissing."""
    reason, before = given_reason(reason), _state(addition)
    changed = ReviewAppend.objects.filter(pk=addition.pk).exclude(is_shown=False, is_pending=False)
    if changed.update(is_shown=False, is_pending=False, hidden_reason=reason):
        _settle_media(addition.review_id)
        _note("orders.hide_addition", addition, (before, "hidden"), reason=reason, actor=actor,
              at=at)  # fmt: skip


@transaction.atomic
def set_pictures_shown(
    *, pictures: Sequence[ReviewPicture], is_shown: bool, actor: Account, at: datetime
) -> int:
    """Take pictures off the pages, or put them back, whatever is decided about the words; how many
    changed. Locks: pictures, pk order."""
    rows = ReviewPicture.objects.filter(pk__in=[row.pk for row in pictures]).order_by("pk")
    changed = [row for row in rows.locked() if row.is_shown != is_shown]
    for row in changed:
        row.is_shown = is_shown
        words = ("hidden", "shown") if is_shown else ("shown", "hidden")
        _note("orders.show_picture" if is_shown else "orders.hide_picture", row, words,
              actor=actor, at=at)  # fmt: skip
    ReviewPicture.objects.bulk_update(changed, ["is_shown"])
    for review_id in sorted({row.review_id for row in changed}):
        _settle_media(review_id)
    return len(changed)


def _settle_media(review_id: int) -> None:
    """Note whether shoppers see a picture of a review: of an addition only while it is shown."""
    pictures = ReviewPicture.objects.filter(review_id=review_id, is_shown=True)
    seen = pictures.filter(Q(is_appended=False) | Q(review__append__is_shown=True)).exists()
    Review.objects.filter(pk=review_id).update(has_media=seen)


def given_reason(reason: str) -> str:
    """Who hides words says why. Raises: ReviewReasonMissing."""
    reason = reason.strip()
    if not reason:
        raise ReviewReasonMissing
    return reason


def _note(
    verb: str,
    target: Review | ReviewAppend | ReviewPicture,
    states: tuple[str, str],
    *,
    actor: Account,
    at: datetime,
    reason: str = "",
) -> None:
    before, after = states
    audit.record(
        actor=actor,
        verb=verb,
        target=target,
        at=at,
        before={"state": before},
        after={"state": after, "reason": reason} if reason else {"state": after},
    )


def _state(words: Review | ReviewAppend) -> str:
    if words.is_shown:
        return "shown"
    return "pending" if words.is_pending else "hidden"
