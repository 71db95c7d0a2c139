"""Flash sales: what is on, what comes, and being reminded of it. Source: P-19, P-20, P-22."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mall.kernel import clock
from mall.kernel.words import localized
from mall.storefront.beside import beside_goods
from mall.storefront.going import go_back
from mall.storefront.offers import goods_in
from mall.storefront.shopper import member_of, members_only, the_member
from promotions.selectors import FlashSession, flash_sessions
from promotions.services import ask_reminder, drop_reminder


@require_safe
def flashes(request: HttpRequest) -> HttpResponse:
    """Flash sales that are on or begin within a week. Queries: 6 at most and the shell's."""
    at, member = clock.now(), member_of(request)
    sessions = flash_sessions(member.pk if member else None, at)
    goods = goods_in([session.offer for session in sessions], at)
    context = {
        "sessions": [_shape(session, goods, at) for session in sessions],
        "related": beside_goods(request, goods, at),
        "now": at,
        "breadcrumb": [{"label": _("Flash sale")}],
    }
    return render(request, "storefront/flashes.html", context)


def _shape(session: FlashSession, goods: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
    campaign = session.offer.campaign
    return {
        "id": campaign.pk,
        "title": localized(campaign, "title"),
        "starts_at": campaign.starts_at,
        "ends_at": campaign.ends_at,
        "is_on": session.offer.is_on(at),
        "is_reminded": session.is_reminded,
        "rule": session.offer.rule,
        "goods": [slot for slot in goods if slot["id"] == campaign.pk],
    }


@require_POST
@members_only
def flash_reminder(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """``do=drop`` forgets the reminder, anything else asks for it."""
    member_id = the_member(request).pk
    if request.POST.get("do") == "drop":
        drop_reminder(campaign_id=campaign_id, member_id=member_id)
        messages.success(request, _("You will not be reminded."))
    else:
        ask_reminder(campaign_id=campaign_id, member_id=member_id, at=clock.now())
        messages.success(request, _("We will remind you before it begins."))
    return go_back(request, "flashes")
