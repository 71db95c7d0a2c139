"""Which reviews wait for a person, and what that person decides. Source: C-59, C-60."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.services import Text, add_rating, blocking_words
from mall.kernel import audit
from members.models import Account
from orders.errors import ReviewReasonMissing
from orders.models import Review

SAME_TEXT_ON = 5
"""Products with the same text by one member from which on all of them wait (C-60)."""
Suspicion = Review.Suspicion


def suspicions_of(text: str, digest: str, *, member_id: int, product_id: int) -> list[str]:
    """Why a new review has to wait: banned words; a text its writer put on products enough.

    Locks: the member's reviews of the same text. Queries: 3.
    """
    found: list[str] = []
    if blocking_words([Text(_("review"), text, is_title=True)]):
        found.append(Suspicion.WORDS)
    same = Review.objects.filter(member_id=member_id, text_digest=digest).order_by("pk")
    products = {row.product_id for row in same.select_for_update(of=("self",))} | {product_id}
    if digest and len(products) >= SAME_TEXT_ON:
        found.append(Suspicion.DUPLICATE)
    return found


def hold_same_text(*, member_id: int, digest: str) -> None:
    """Let every shown review of this member and text wait; what a person let through stays.

    The writing verb holds their locks. Queries: 2 and those of counting.
    """
    shown = Review.objects.filter(
        member_id=member_id, text_digest=digest, is_shown=True, suspicions=[]
    ).order_by("product_id", "pk")
    for review in shown:
        review.is_shown, review.is_pending = False, True
        review.suspicions = [Suspicion.DUPLICATE]
        review.save(update_fields=["is_shown", "is_pending", "suspicions"])
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
    audit.record(
        actor=actor,
        verb="orders.show_review",
        target=review,
        at=at,
        before={"state": before},
        after={"state": "shown"},
    )


@transaction.atomic
def hide_review(*, review: Review, reason: str, actor: Account, at: datetime) -> None:
    """Take a review off the shop's pages for a reason; its rating counts no more.

    Locks: the review, the product (counting). Raises: ReviewReasonMissing. Doing it twice changes
    nothing.
    """
    reason = reason.strip()
    if not reason:
        raise ReviewReasonMissing
    row = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if not (row.is_shown or row.is_pending):
        return
    before, counted = _state(row), row.is_shown
    row.is_shown, row.is_pending, row.hidden_reason = False, False, reason
    row.save(update_fields=["is_shown", "is_pending", "hidden_reason"])
    if counted:
        add_rating(product_id=row.product_id, rating=row.rating, count=-1)
    audit.record(
        actor=actor,
        verb="orders.hide_review",
        target=row,
        at=at,
        before={"state": before},
        after={"state": "hidden", "reason": reason},
    )


def _state(review: Review) -> str:
    if review.is_shown:
        return "shown"
    return "pending" if review.is_pending else "hidden"
