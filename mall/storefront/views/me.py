"""The member's own rooms: overview, points, tier, coupons, messages."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mall.kernel import clock
from mall.kernel.words import localized
from mall.storefront.context import region_of, standing_of
from mall.storefront.desk import with_instants
from mall.storefront.goods import picked
from mall.storefront.ladder import standing_shape, step_shape
from mall.storefront.links import tabs
from mall.storefront.paging import page_of
from mall.storefront.parcels import parcel
from mall.storefront.shopper import members_only, the_member
from members import selectors, services
from members.models import Member
from members.presenting import (
    growth_entry_dict,
    member_dict,
    message_dict,
    points_entry_dict,
    week_dict,
)
from orders.selectors import order_counts
from promotions.presenting import grant_dict
from promotions.selectors import grants, open_lotteries, usable_grants

ENDING = 2
POINTS_PER_YUAN = 100
COUPON_STATES = ("usable", "used", "expired")
NOTICE_ICONS = {"orders": "truck", "members": "gift", "promotions": "ticket"}


@require_safe
@members_only
def me(request: HttpRequest) -> HttpResponse:
    """The overview."""
    member, at = the_member(request), clock.now()
    stand = standing_of(request, member)
    counts = order_counts(member.pk)
    ending = usable_grants(member.pk, at)[:ENDING] if stand.coupons else ()
    context = {
        "member": member_dict(member, unread=stand.unread, coupons_count=stand.coupons),
        "tier": standing_shape(member, selectors.tiers()),
        "week": week(member, at),
        "order_counts": {**counts, "to_ship": counts["paid"], "to_receive": counts["shipped"]},
        "parcel": parcel(member.pk) if counts["shipped"] else None,
        "ending": [grant(row, at) for row in ending],
        "recommended": picked(member, at, region_code=region_of(request, member)),
        "breadcrumb": [{"label": _("My account")}],
    }
    return render(request, "members/me.html", context)


def week(member: Member, at: datetime) -> dict[str, Any]:
    """The check-in panel. Queries: 2."""
    return week_dict(selectors.check_in_week(member.points_account.pk, at))


def grant(row: Any, at: datetime) -> dict[str, Any]:
    """A coupon of the member's with the address where it can be used."""
    shape = with_instants(grant_dict(row, at))
    state = "usable" if shape["state"] == "usable" else shape["state"]
    return {**shape, "state": "used" if state == "locked" else state,
            "url": reverse("storefront:search")}  # fmt: skip


@require_POST
@members_only
def check_in(request: HttpRequest) -> HttpResponse:
    """Check in for today."""
    done = services.check_in(member_id=the_member(request).pk, at=clock.now())
    messages.success(request, _("Checked in: %(points)s points.") % {"points": done.points})
    return redirect("storefront:me")


@require_safe
@members_only
def points(request: HttpRequest) -> HttpResponse:
    """What points came, went and wait."""
    member, at = the_member(request), clock.now()
    rows, page = page_of(request, selectors.points_entries(member.pk))
    soon = selectors.points_ending(member.pk, at)
    balance = member.points_account.balance
    context = {
        "balance": balance,
        "worth_fen": balance * 100 // POINTS_PER_YUAN,
        "expiring": {"points": soon[0], "at": soon[1]} if soon else None,
        "entries": [points_entry_dict(row) for row in rows],
        "lotteries": [{"id": r.pk, "title": localized(r, "title")} for r in open_lotteries(at)],
        "page": page,
        "room": "points",
        "breadcrumb": trail(_("Points")),
    }
    return render(request, "members/points.html", context)


@require_safe
@members_only
def tier(request: HttpRequest) -> HttpResponse:
    """The ladder, where the member stands, what growth came from."""
    member = the_member(request)
    ladder = selectors.tiers()
    rows, page = page_of(request, selectors.growth_entries(member.pk))
    context = {
        "tier": standing_shape(member, ladder),
        "ladder": [step_shape(row, member) for row in ladder],
        "entries": [growth_entry_dict(row) for row in rows],
        "page": page,
        "room": "tier",
        "breadcrumb": trail(_("Tier and growth")),
    }
    return render(request, "members/tier.html", context)


@require_safe
@members_only
def my_coupons(request: HttpRequest) -> HttpResponse:
    """The member's coupons by state."""
    member, at = the_member(request), clock.now()
    asked = request.GET.get("state", "")
    state = asked if asked in COUPON_STATES else COUPON_STATES[0]
    rows, page = page_of(request, grants(member.pk, state, at))  # type: ignore[arg-type]
    count = standing_of(request, member).coupons
    labels = (("usable", _("To use"), count), ("used", _("Used"), 0), ("expired", _("Expired"), 0))
    context = {
        "grants": [grant(row, at) for row in rows],
        "tabs": tabs(request, state, labels, name="state"),
        "page": page,
        "room": "coupons",
        "breadcrumb": trail(_("Coupons")),
    }
    return render(request, "members/coupons.html", context)


@require_safe
@members_only
def notifications(request: HttpRequest) -> HttpResponse:
    """The inbox, newest first."""
    rows, page = page_of(request, selectors.inbox(the_member(request).account_id))
    context = {
        "notices": [notice(row) for row in rows],
        "page": page,
        "room": "notifications",
        "breadcrumb": trail(_("Messages")),
    }
    return render(request, "members/notifications.html", context)


def notice(row: Any) -> dict[str, Any]:
    """One message, its route made an address."""
    shape = message_dict(row)
    icon = NOTICE_ICONS.get(shape["template"].partition(".")[0], "bell")
    url = address_of(shape["route"], shape["route_args"])
    return {**shape, "icon": icon, "url": url, "unread": not shape["is_read"]}


def address_of(route: str | None, arguments: list[Any]) -> str:
    """Where a message leads; one of an older release may lead nowhere."""
    try:
        return reverse(route, args=arguments) if route else ""
    except NoReverseMatch:
        return ""


@require_POST
@members_only
def notifications_read(request: HttpRequest) -> HttpResponse:
    """Mark every message as read."""
    services.read_inbox(account_id=the_member(request).account_id, at=clock.now())
    return redirect("storefront:notifications")


def trail(label: str) -> list[dict[str, str]]:
    """The breadcrumb of a room."""
    return [{"label": _("My account"), "url": reverse("storefront:me")}, {"label": label}]
