"""A basket composed by hand, for any member and moment, with campaigns switched in.

Priced by `orders.services.quote`, the way every basket of the shop is; a GET, so that its address
can be handed on.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.console.rehearsing.forms import BasketForm
from mall.kernel import clock
from mall.kernel.errors import ShopError
from members.models import Tier
from members.selectors import ShopperFacts, default_address
from orders.presenting import quote_dict
from orders.services import EXPLANATIONS, Ask, Quoted, quote

SEE = "promotions.view_campaign"
NOBODY = 0
"""The id of a shopper who is nobody: only the tier is known."""


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """The form, and the receipt of what was composed. Queries: 2 quotes at most."""
    typed = request.GET if "price" in request.GET else None
    form = BasketForm(typed, initial={"campaigns": request.GET.getlist("campaigns")})
    context = {
        **admin.site.each_context(request),
        "title": _("Try a basket"),
        "form": form,
        "media": form.media,
        **(_answer(form, _chosen_coupons(request)) if form.is_valid() else {}),
    }
    return TemplateResponse(request, "admin/rehearsing/basket.html", context)


def _answer(form: BasketForm, coupon_grant_ids: tuple[int, ...]) -> dict[str, Any]:
    """The receipt with and without the campaigns, or the shop's refusal in words."""
    typed = form.cleaned_data
    at = typed["at"] or clock.now()
    ask = Ask(
        wanted=form.wanted(),
        region_code=_region(typed),
        coupon_grant_ids=coupon_grant_ids,
        auto_coupons=typed["auto_coupons"],
        points=typed["points"] or 0,
        explain=frozenset(EXPLANATIONS),
    )
    campaign_ids = [campaign.pk for campaign in typed["campaigns"]]
    try:
        tried = _quoted(ask, typed, at, campaign_ids)
        plain = _quoted(ask, typed, at, ()) if campaign_ids else tried
    except ShopError as refusal:
        return {"refusal": str(refusal)}
    return {
        "at": at,
        "quote": quote_dict(tried),
        "chosen": tried.quote.coupon_grant_ids,
        "change_fen": tried.quote.payable_fen - plain.quote.payable_fen,
        "plain_fen": plain.quote.payable_fen,
        "campaign_ids": campaign_ids,
    }


def _quoted(ask: Ask, typed: dict[str, Any], at: datetime, campaign_ids: Collection[int]) -> Quoted:
    member = typed["member"]
    tier = typed["tier"]
    return quote(
        ask=ask,
        member_id=member.pk if member else None,
        shopper=None if member or tier is None else anybody(tier, at),
        at=at,
        tried_campaign_ids=campaign_ids,
    )


def anybody(tier: Tier, at: datetime) -> ShopperFacts:
    """Somebody of a tier who just joined: no points, no past."""
    return ShopperFacts(
        member_id=NOBODY,
        account_id=NOBODY,
        nickname="",
        points=0,
        growth_fen=tier.threshold_fen,
        joined_at=at,
        tier_code=tier.code,
        tier_title_zh=tier.title_zh,
        tier_title_en=tier.title_en,
        tier_rate_bp=tier.rate_bp,
        tier_free_freight_fen=tier.free_freight_fen,
        tier_points_rate_bp=tier.points_rate_bp,
        tier_version=tier.version,
    )


def _region(typed: dict[str, Any]) -> str | None:
    """The province that was chosen, else the member's own address, else none."""
    if typed["province"]:
        return str(typed["province"])
    home = default_address(typed["member"].pk) if typed["member"] else None
    return home.region_code if home else None


def _chosen_coupons(request: HttpRequest) -> tuple[int, ...]:
    """The copies ticked in the list below the receipt."""
    typed = request.GET.getlist("coupon")
    return tuple(int(text) for text in typed if text.isascii() and text.isdigit())
