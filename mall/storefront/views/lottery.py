"""The draw: the odds as they are, a button, what I have drawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mall.kernel import clock
from mall.storefront.once import new_token, once
from mall.storefront.shopper import member_of, members_only, the_member
from members.models import Member
from promotions import selectors
from promotions.models import Lottery, Prize
from promotions.presenting import draw_dict, lottery_dict
from promotions.services import draw_prize

MINE = 10
PPM = 10_000  # millionths in a per cent


@require_safe
def lottery(request: HttpRequest, lottery_id: int) -> HttpResponse:
    """One lottery: what can be won, and how likely."""
    row, at = selectors.public_lottery(lottery_id), clock.now()
    shape = lottery_dict(row, selectors.prize_odds(row))
    prizes = [{**prize, "odds": percent(prize["odds_ppm"])} for prize in shape["prizes"]]
    is_live = row.status == Lottery.Status.LIVE and row.starts_at <= at < row.ends_at
    context = {
        "lottery": {**shape, "ends_at": row.ends_at, "prizes": prizes},
        "now": at,
        "is_open": is_live,
        "mine": mine(row, member_of(request)),
        "token": new_token(),
        "breadcrumb": [{"label": shape["title"]}],
    }
    response = render(request, "storefront/lottery.html", context)
    add_never_cache_headers(response)
    return response


def mine(row: Lottery, member: Member | None) -> dict[str, Any] | None:
    """The member's chances of today, points and last draws; None for a guest. Queries: 2."""
    if member is None:
        return None
    draws = selectors.draws_of(row, member.pk)[:MINE]
    return {
        "left": selectors.draws_left(row, member.pk, clock.now()),
        "points": member.points_account.balance,
        "draws": [{**draw_dict(draw), "at": draw.at} for draw in draws],
    }


@require_POST
@members_only
def lottery_draw(request: HttpRequest, lottery_id: int) -> HttpResponse:
    """Draw once; a double click is one draw."""
    member_id, at = the_member(request).pk, clock.now()
    done = once(
        request,
        f"lottery:{lottery_id}",
        verb=lambda: draw_prize(lottery_id=lottery_id, member_id=member_id, at=at),
        keep=lambda draw: draw_dict(draw)["prize"],
        at=at,
    )
    if done["kind"] == Prize.Kind.NOTHING:
        messages.info(request, _("Nothing this time."))
    else:
        messages.success(request, _("You have won: %(prize)s") % {"prize": done["title"]})
    return redirect("storefront:lottery", lottery_id)


def percent(ppm: int) -> str:
    """Millionths as per cent without needless zeros: 5 %, 0.0125 %."""
    whole, rest = divmod(ppm, PPM)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + " %"
