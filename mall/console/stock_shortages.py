"""Campaign goods that run short, each with its two ways out: a presale, or a transfer (I-50)."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from catalog.models import Sku
from mall.console.navigation import row_url
from mall.kernel import clock
from mall.kernel.admin import VerbPage, actor_of, run_verb
from mall.kernel.db.fields import YuanFormField
from mall.kernel.money import yuan
from mall.kernel.words import localized
from orders.errors import NotShort
from orders.selectors import (
    PresaleTerms,
    ShortGoods,
    presales_of,
    short_goods,
    short_of,
    suggested_terms,
)
from orders.services import raise_transfer, switch_to_presale
from promotions.models import Campaign

SEE = "promotions.view_campaign"
DRAFT_PRESALE, PUBLISH = "promotions.add_campaign", "promotions.change_campaign"
DRAFT_TRANSFER = "inventory.add_transfer"
CAMPAIGN, TRANSFER = "promotions.Campaign", "inventory.Transfer"
LIST = "admin:stock_shortages"


class PresaleForm(forms.Form):
    """What the presale says; filled in with what is suggested."""

    price_fen = YuanFormField(
        label=gettext_lazy("price"), min_value=1, widget=UnfoldAdminTextInputWidget()
    )
    deposit_fen = YuanFormField(
        label=gettext_lazy("deposit"), min_value=1, widget=UnfoldAdminTextInputWidget()
    )
    quota = forms.IntegerField(
        label=gettext_lazy("pieces to sell"),
        min_value=1,
        max_value=1_000_000,
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    sells_days = forms.IntegerField(
        label=gettext_lazy("days of selling"),
        min_value=1,
        max_value=30,
        help_text=gettext_lazy("From now on; then buyers have three days for the balance."),
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    ships_on = forms.DateField(label=gettext_lazy("sent on"), widget=UnfoldAdminSingleDateWidget())


class PublishedPresaleForm(PresaleForm):
    """The same, for who may publish."""

    is_published = forms.BooleanField(
        label=gettext_lazy("publish at once"),
        required=False,
        help_text=gettext_lazy(
            "What may cost more than the shop's limit goes to a second person first."
        ),
        widget=UnfoldBooleanSwitchWidget(),
    )


def shortage_urls(view: Any) -> list[URLPattern]:
    """The pages, each behind the site's own door."""
    return [
        path("stock/shortages/", view(shortages), name="stock_shortages"),
        path("stock/shortages/act/", view(act), name="stock_shortages_act"),
        path(
            "stock/shortages/<int:campaign_id>/<int:sku_id>/presale/",
            view(presale),
            name="stock_shortages_presale",
        ),
    ]


@require_safe
@permission_required(SEE, raise_exception=True)
def shortages(request: HttpRequest) -> HttpResponse:
    """What runs short in the campaigns of this moment. Queries: 4 of its own."""
    at = clock.now()
    found = short_goods(at)
    presales = presales_of({one.sku.pk for one in found}, at)
    context = {
        **admin.site.each_context(request),
        "title": _("Campaign goods that run short"),
        "rows": [_row(request, one, presales.get(one.sku.pk)) for one in found],
        "may": {
            "presale": request.user.has_perm(DRAFT_PRESALE),
            "transfer": request.user.has_perm(DRAFT_TRANSFER),
        },
    }
    return TemplateResponse(request, "admin/stock_shortages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required((SEE, DRAFT_PRESALE), raise_exception=True)
def presale(request: HttpRequest, campaign_id: int, sku_id: int) -> HttpResponse:
    """Ask for what a presale of one row says, then write or publish it."""
    at = clock.now()
    short = short_of(campaign_id, sku_id, at)
    if short is None or sku_id in presales_of([sku_id], at):
        return _back(request, short, sku_id)
    may_publish = request.user.has_perm(PUBLISH)
    page = VerbPage(
        title=_("Turn %(sku)s into a presale") % {"sku": short.sku.code},
        form_class=PublishedPresaleForm if may_publish else PresaleForm,
        initial={**asdict(suggested_terms(short, at)), "is_published": True},
        run=partial(_switch, request, short),
        done=_("The presale is written; its row says where it stands."),
        back=reverse(LIST),
        button=_("Turn into a presale"),
        facts=(
            (_("Product"), localized(short.sku.product, "title")),
            (_("Campaign"), localized(short.campaign, "title")),
            (_("ordinary price"), yuan(short.sku.price_fen)),
        ),
    )
    return page.answer(request, admin.site.get_model_admin(Campaign))


@require_POST
@permission_required((SEE, DRAFT_TRANSFER), raise_exception=True)
def act(request: HttpRequest) -> HttpResponse:
    """Draft the transfer of one row, and show the draft: it is looked at next."""
    numbers = [request.POST.get(name, "") for name in ("campaign", "sku")]
    if not all(map(_is_id, numbers)):
        raise PermissionDenied
    deed = partial(
        raise_transfer,
        campaign_id=int(numbers[0]),
        sku_id=int(numbers[1]),
        actor=actor_of(request),
        at=clock.now(),
    )
    drafts: list[Any] = []
    run_verb(request, lambda: drafts.append(deed()), _("The draft is written."))
    shown = [row_url(request, TRANSFER, draft.pk) for draft in drafts]
    return redirect(next(filter(None, shown), LIST))


def _switch(request: HttpRequest, short: ShortGoods, typed: Mapping[str, Any]) -> None:
    terms = {name: value for name, value in typed.items() if name != "is_published"}
    switch_to_presale(
        campaign_id=short.campaign.pk,
        sku_id=short.sku.pk,
        terms=PresaleTerms(**terms),
        is_published=typed.get("is_published", False),
        actor=actor_of(request),
        at=clock.now(),
    )


def _back(request: HttpRequest, short: ShortGoods | None, sku_id: int) -> HttpResponse:
    """Nothing to ask for: it is not short any more, or its presale is there, as its row says."""
    if short is None:
        code = Sku.objects.filter(pk=sku_id).values_list("code", flat=True).first()
        messages.error(request, str(NotShort(sku=code or sku_id)))
    return redirect(LIST)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _row(request: HttpRequest, one: ShortGoods, presale: Campaign | None) -> dict[str, Any]:
    return {
        "short": one,
        "product": localized(one.sku.product, "title"),
        "campaign": localized(one.campaign, "title"),
        "campaign_url": row_url(request, CAMPAIGN, one.campaign.pk),
        "presale": presale and presale.get_status_display(),
        "presale_url": presale and row_url(request, CAMPAIGN, presale.pk),
    }
