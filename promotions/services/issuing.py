"""The shop gives a coupon to many members at once, in a constant number of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q

from mall.kernel.notify import notify
from mall.kernel.outbox import publish
from members.models import Member
from promotions.errors import CouponNotClaimable
from promotions.events import CouponsIssued
from promotions.models import Coupon, CouponGrant
from promotions.services.giving import Source, count_pieces, new_grant


@dataclass(frozen=True, slots=True)
class Words:
    """What the members are told: a message template, and the page it leads to."""

    template: str
    route: str


RECEIVED = Words("promotions.coupon_received", "storefront:my_coupons")


@transaction.atomic
def issue_coupons(
    *,
    coupon_id: int,
    member_ids: Collection[int],
    source_type: str,
    source_id: str,
    at: datetime,
    channel: str = "",
    words: Words = RECEIVED,
) -> int:
    """Give every member one copy for this cause; returns how many got one.

    Who has had one for the same cause, or as many as one may have, or is of another tier, gets
    none; neither does anybody beyond the last piece. Running it twice gives none twice. Locks: the
    new grants in member order, then the coupon. Queries: 8 (9 with tiers), whatever the number of
    members. Raises: CouponNotClaimable when the coupon is not live or its budget is spent,
    CouponSoldOut when a rival took pieces meanwhile. Emits: one CouponsIssued. Everybody served is
    told in ``words``.
    """
    if not source_id:
        raise ValueError("an issue names its cause")
    coupon = Coupon.objects.get(pk=coupon_id)
    if coupon.status != Coupon.Status.LIVE or at >= coupon.ends_at or coupon.budget_is_spent:
        raise CouponNotClaimable
    grants = _planned(coupon, sorted(set(member_ids)), Source(source_type, source_id, channel), at)
    CouponGrant.objects.bulk_create(grants, ignore_conflicts=True)
    served = list(
        CouponGrant.objects.filter(code__in=[grant.code for grant in grants])
        .order_by("member_id")
        .values_list("member_id", flat=True)
    )
    if served:
        count_pieces(coupon, len(served))
        _tell(coupon, served, words, f"coupon:{coupon.pk}:{source_type}:{source_id}", at)
        publish(
            CouponsIssued(
                coupon_id=coupon.pk,
                source_type=source_type,
                source_id=source_id,
                member_ids=tuple(served),
                at=at,
            )
        )
    return len(served)


def _planned(
    coupon: Coupon, member_ids: Sequence[int], source: Source, at: datetime
) -> list[CouponGrant]:
    """Copies for the members that may have one, as many as pieces are left."""
    same_cause = Q(source_type=source.kind, source_id=source.id)
    held = {
        member_id: (last, served)
        for member_id, last, served in CouponGrant.objects.filter(
            coupon=coupon, member_id__in=member_ids
        )
        .values_list("member_id")
        .annotate(last=Max("seq"), served=Count("pk", filter=same_cause))
    }
    grants = []
    for member_id in _of_its_tiers(coupon, member_ids):
        last, served = held.get(member_id, (0, 0))
        if not served and last < coupon.per_member:
            grants.append(new_grant(coupon, member_id, last + 1, source=source, at=at))
    return grants[: coupon.total - coupon.issued]


def _of_its_tiers(coupon: Coupon, member_ids: Sequence[int]) -> Sequence[int]:
    """The members a coupon is for. Queries: 1 for a coupon of some tiers, else none."""
    if not coupon.tier_codes:
        return member_ids
    fitting = Member.objects.filter(pk__in=member_ids, tier__code__in=coupon.tier_codes)
    return list(fitting.order_by("pk").values_list("pk", flat=True))


def _tell(
    coupon: Coupon, member_ids: Sequence[int], words: Words, cause: str, at: datetime
) -> None:
    accounts = Member.objects.filter(pk__in=member_ids).values_list("account_id", flat=True)
    notify(
        list(accounts),
        words.template,
        {"title_zh": coupon.title_zh, "title_en": coupon.title_en},
        route=(words.route, ()),
        source=cause,
        at=at,
    )
