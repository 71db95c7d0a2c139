"""What a member keeps in mind and looked at: theirs to see, let go, clear and switch off. Source:
C-07, C-08."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog import presenting, services
from catalog.selectors import cards_of, favourites_of, in_the_shop, views_of
from mall.kernel import clock
from mall.kernel.db import unsafe_reason
from mall.kernel.errors import NotFound
from mall.storefront.paging import page_of
from mall.storefront.shopper import member_of, members_only, the_member
from members.services import set_history

CARDS_A_PAGE, BESIDE = 24, 6


@require_safe
@members_only
def favourites(request: HttpRequest) -> HttpResponse:
    """What the member keeps in mind, the latest first."""
    at = clock.now()
    rows, page = page_of(request, favourites_of(the_member(request).account_id, at), CARDS_A_PAGE)
    context = {
        "cards": cards([row.product_id for row in rows], at),
        "page": page,
        "room": "favourites",
        "breadcrumb": _trail(_("Favourites")),
    }
    return render(request, "members/favourites.html", context)


@require_safe
@members_only
def history(request: HttpRequest) -> HttpResponse:
    """What the member looked at, the latest first."""
    at, member = clock.now(), the_member(request)
    rows, page = page_of(request, views_of(member.account_id, at), CARDS_A_PAGE)
    context = {
        "cards": cards([row.product_id for row in rows], at),
        "keeps_history": member.keeps_history,
        "page": page,
        "room": "history",
        "breadcrumb": _trail(_("Viewed products")),
    }
    return render(request, "members/history.html", context)


@require_POST
@members_only
def history_change(request: HttpRequest) -> HttpResponse:
    """Forget one product or all, switch the list off or on: the form says what."""
    member, do = the_member(request), request.POST.get("do", "")
    product_id = request.POST.get("product_id", "")
    if do == "clear":
        services.clear_views(account=member.account)
        messages.success(request, _("Your list is empty now."))
    elif do in ("off", "on"):
        set_history(member=member, keeps=do == "on", at=clock.now())
    elif product_id.isascii() and product_id.isdigit() and len(product_id) < 10:
        services.drop_view(account=member.account, product_id=int(product_id))
    return redirect("storefront:history")


@require_POST
def seen(request: HttpRequest, product_id: int) -> HttpResponse:
    """A member looks at a product: told by the page itself, so pages cost no write. What is gone,
    guests and members who switched it off leave no trace."""
    member = member_of(request)
    if member is not None and member.keeps_history:
        path = request.POST.get("from", "")[:200]
        path = "" if unsafe_reason(path) else path
        try:
            services.record_view(
                account=member.account, product_id=product_id, at=clock.now(), path=path
            )
        except NotFound:
            return HttpResponse(status=404)
    return HttpResponse(status=204)


@require_safe
def viewed(request: HttpRequest) -> HttpResponse:
    """The "recently viewed" row: of the member, or of the ids that a guest's browser kept."""
    at, member = clock.now(), member_of(request)
    here = _numbers(request.GET.get("but", ""))
    if member is not None:
        rows = views_of(member.account_id, at)[: BESIDE + 1]
        ids = [row.product_id for row in rows]
    else:
        ids = in_the_shop(_numbers(request.GET.get("ids", "")), at)
    shown = cards([pk for pk in ids if pk not in here][:BESIDE], at)
    response = render(request, "storefront/_viewed.html", {"cards": shown})
    response["Cache-Control"] = "private, no-store"
    return response


def cards(product_ids: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    """Cards in this order, without what has no price now. Queries: 1."""
    found = cards_of(product_ids, at=at)
    return [presenting.card(found[pk]) for pk in product_ids if found[pk]["price_fen"] is not None]


def _numbers(text: str) -> list[int]:
    parts = text.split(",")[: BESIDE + 1]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 10]


def _trail(label: str) -> list[dict[str, str]]:
    return [{"label": _("My account"), "url": reverse("storefront:me")}, {"label": label}]
