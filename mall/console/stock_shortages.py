"""Campaign goods that run short, each with its two ways out: a presale, or a transfer (I-50)."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mall.console.navigation import row_url
from mall.kernel import clock
from mall.kernel.admin import actor_of, run_verb
from mall.kernel.words import localized
from orders.selectors import ShortGoods, short_goods
from orders.services import raise_transfer, switch_to_presale

SEE = "promotions.view_campaign"
DEEDS = {
    "presale": (switch_to_presale, "promotions.add_campaign", "promotions.Campaign"),
    "transfer": (raise_transfer, "inventory.add_transfer", "inventory.Transfer"),
}
"""By button: the verb, the right to it, and what it drafts."""


def shortage_urls(view: Any) -> list[URLPattern]:
    """The pages, each behind the site's own door."""
    return [
        path("stock/shortages/", view(shortages), name="stock_shortages"),
        path("stock/shortages/act/", view(act), name="stock_shortages_act"),
    ]


@require_safe
@permission_required(SEE, raise_exception=True)
def shortages(request: HttpRequest) -> HttpResponse:
    """What runs short in the campaigns of this moment. Queries: 3 of its own."""
    context = {
        **admin.site.each_context(request),
        "title": _("Campaign goods that run short"),
        "rows": [_row(request, one) for one in short_goods(clock.now())],
        "may": {
            deed: request.user.has_perm(right) for deed, (_verb, right, _kind) in DEEDS.items()
        },
    }
    return TemplateResponse(request, "admin/stock_shortages.html", context)


@require_POST
@permission_required(SEE, raise_exception=True)
def act(request: HttpRequest) -> HttpResponse:
    """Draft the presale or the transfer of one row, and show the draft: it is looked at next."""
    verb, right, kind = DEEDS.get(request.POST.get("do", ""), (None, "", ""))
    numbers = [request.POST.get(name, "") for name in ("campaign", "sku")]
    if verb is None or not request.user.has_perm(right) or not all(map(_is_id, numbers)):
        raise PermissionDenied
    deed = partial(
        verb,
        campaign_id=int(numbers[0]),
        sku_id=int(numbers[1]),
        actor=actor_of(request),
        at=clock.now(),
    )
    drafts: list[Any] = []
    run_verb(request, lambda: drafts.append(deed()), _("The draft is written."))
    shown = [row_url(request, kind, draft.pk) for draft in drafts]
    return redirect(next(filter(None, shown), "admin:stock_shortages"))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _row(request: HttpRequest, one: ShortGoods) -> dict[str, Any]:
    return {
        "short": one,
        "product": localized(one.sku.product, "title"),
        "campaign": localized(one.campaign, "title"),
        "campaign_url": row_url(request, "promotions.Campaign", one.campaign.pk),
    }
