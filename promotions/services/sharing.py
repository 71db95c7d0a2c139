"""Coupons for sharing: a link of one's own, and one credit for each friend who comes by it (P-10).

A visit is valid when somebody else, signed in, takes what the link offers; each pair counts once.
"""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from mall.kernel import clock
from mall.kernel.errors import InvalidInput, NotFound
from promotions.errors import OwnLink, ShareNotOn
from promotions.models import Coupon, Deed, ShareCredit, ShareLink, ShareRule
from promotions.services.guarding import Attempt, Footprint, guard_deed
from promotions.services.issuing import issue_coupons

SHARE = "share"


@transaction.atomic
def open_share_link(*, member_id: int, path: str, at: datetime) -> ShareLink:
    """The member's link to a page of the shop under the rule that is on: the same one each time.

    Queries: 3. Raises: ShareNotOn, InvalidInput for what is no page of ours.
    """
    rule = ShareRule.objects.open_at(at).order_by("-pk").first()
    if rule is None:
        raise ShareNotOn
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    if not is_ours or len(path) > 200:
        raise InvalidInput(field="path", allowed="/product/1/")
    link, _made = ShareLink.objects.get_or_create(
        rule=rule,
        member_id=member_id,
        path=path,
        defaults={"token": secrets.token_urlsafe(16), "created_at": at},
    )
    return link


@transaction.atomic
def credit_visit(
    *, token: str, visitor_id: int, at: datetime, footprint: Footprint | None = None
) -> ShareCredit | None:
    """Give sharer and visitor what the rule says; None when this pair was credited before.

    Beyond the day's limit the sharer gets none and the visitor still does. Locks: origins (see
    guarding), the sharer's links, the new credit, grants, coupons. Raises: NotFound, ShareNotOn,
    OwnLink, DeedRefused. Emits: one CouponsIssued a coupon.
    """
    link = ShareLink.objects.select_related("rule").filter(token=token).first()
    if link is None:
        raise NotFound
    _check(link, visitor_id, at)
    if footprint is not None:
        guard_deed(share_attempt(link, visitor_id, footprint, at))
    list(ShareLink.objects.filter(rule=link.rule, member=link.member_id).only("pk").locked())
    credited_today = _credited(link, at)
    pair = {"rule": link.rule, "sharer_id": link.member_id, "visitor_id": visitor_id}
    credit, is_new = ShareCredit.objects.get_or_create(**pair, defaults={"link": link, "at": at})
    if not is_new:
        return None
    if credited_today < link.rule.daily_most:
        _give(link.rule.sharer_coupon_id, link.member_id, f"{credit.pk}:sharer", at)
    _give(link.rule.visitor_coupon_id, visitor_id, f"{credit.pk}:visitor", at)
    return credit


def share_attempt(link: ShareLink, visitor_id: int, footprint: Footprint, at: datetime) -> Attempt:
    """A visit, as the limits of deeds see it."""
    return Attempt(
        deed=Deed.SHARE,
        subject=f"share:{link.rule_id}",
        member_id=visitor_id,
        at=at,
        footprint=footprint,
    )


def _check(link: ShareLink, visitor_id: int, at: datetime) -> None:
    rule = link.rule
    if not rule.is_on or not rule.starts_at <= at < rule.ends_at:
        raise ShareNotOn
    if link.member_id == visitor_id:
        raise OwnLink


def _credited(link: ShareLink, at: datetime) -> int:
    """Visits credited to the sharer on this business day. Queries: 1."""
    start, end = clock.bounds(clock.day_of(at))
    day = ShareCredit.objects.filter(at__gte=start, at__lt=end)
    return day.filter(rule=link.rule, sharer=link.member_id).count()


def _give(coupon_id: int | None, member_id: int, cause: str, at: datetime) -> None:
    """A coupon that is over or gone gives nothing: the visit itself is still welcome."""
    coupon = Coupon.objects.open_at(at).filter(pk=coupon_id).first()
    if coupon is not None:
        issue_coupons(
            coupon_id=coupon.pk,
            member_ids=[member_id],
            source_type=SHARE,
            source_id=cause,
            channel=f"share:{member_id}",
            at=at,
        )
