"""Prices as they were and will be: the history, the wishes to be judged, limits, competitors."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from catalog.admin.acting import actor_of
from catalog.admin.price_forms import AnswerForm
from catalog.models import CompetitorPrice, PriceChange, PriceGuard, PriceHistory
from catalog.selectors import competition
from catalog.services import (
    approve_price_change,
    cancel_price_change,
    return_price_change,
    save_price_guard,
)
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, PercentInput, ReadOnlyAdmin, VerbPage, run_verb
from mall.kernel.db import PercentFormField
from mall.kernel.money import yuan

Verb = Callable[..., Any]
STATES = {
    PriceChange.Status.WAITING.label: "warning",
    PriceChange.Status.SCHEDULED.label: "info",
    PriceChange.Status.APPLIED.label: "success",
    PriceChange.Status.RETURNED.label: "danger",
}


@admin.register(PriceChange)
class PriceChangeAdmin(ReadOnlyAdmin):
    """Every wish for another price: unusual ones wait here for a second person."""

    list_display = (
        "sku",
        "product",
        "state",
        "before",
        "after",
        "effective_at",
        "ends_at",
        "why",
        "maker",
        "checker",
    )
    list_filter = ("status", "effective_at")
    list_select_related = ("sku__product", "maker", "checker")
    search_fields = ("=sku__code", "sku__product__title_zh", "reason")
    date_hierarchy = "asked_at"
    ordering = ("-asked_at", "-pk")
    fields = (
        ("sku", "product"),
        ("state", "why", "reason"),
        ("before", "after", "cost"),
        ("effective_at", "ends_at", "ended_at"),
        ("quota", "sold", "loss"),
        ("maker", "asked_at"),
        ("checker", "checked_at", "answer"),
    )
    masked_fields = ("cost_fen", "cost", "loss")
    mask_permission = "catalog.see_cost"
    actions = ("approve",)
    actions_detail = ("approve_one", "return_one", "cancel_one")

    def has_approve_permission(self, request: HttpRequest, _object_id: Any = None) -> bool:
        return bool(request.user.has_perm("catalog.approve_pricechange"))

    def has_cancel_permission(self, request: HttpRequest, _object_id: Any = None) -> bool:
        return bool(request.user.has_perm("catalog.change_sku"))

    @admin.display(description=_("product"))
    def product(self, row: PriceChange) -> str:
        return str(row.sku.product)

    @display(description=_("status"), ordering="status", label=STATES)
    def state(self, row: PriceChange) -> str:
        return row.get_status_display()

    @admin.display(description=_("price before"))
    def before(self, row: PriceChange) -> str:
        return yuan(row.old_price_fen)

    @admin.display(description=_("price"), ordering="price_fen")
    def after(self, row: PriceChange) -> str:
        return yuan(row.price_fen)

    @admin.display(description=_("asks for approval because of"))
    def why(self, row: PriceChange) -> str:
        return ", ".join(str(PriceChange.Need(code).label) for code in row.needs) or "-"

    @admin.display(description=_("standard cost"))
    def cost(self, row: PriceChange) -> str:
        return yuan(row.cost_fen)

    @admin.display(description=_("loss so far"))
    def loss(self, row: PriceChange) -> str:
        return yuan(row.loss_fen)

    @admin.action(description=_("Approve"), permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: QuerySet[PriceChange]) -> None:
        """Each one by itself; one's own are refused."""
        at, actor = clock.now(), actor_of(request)
        for row in queryset.select_related("sku"):
            deed = partial(approve_price_change, change_id=row.pk, at=at, actor=actor)
            run_verb(request, deed, _("The price of %(sku)s holds.") % {"sku": row.sku.code})

    @action(description=_("Approve"), permissions=["approve"], icon="check")
    def approve_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Shows both prices and asks."""
        done = _("The price is approved.")
        return self._decide(request, object_id, approve_price_change, Form, done)

    @action(description=_("Return"), permissions=["approve"], icon="undo")
    def return_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Back to who asked, with the reason."""
        done = _("The price goes back to who asked for it.")
        return self._decide(request, object_id, return_price_change, AnswerForm, done)

    @action(description=_("Call off"), permissions=["cancel"], icon="cancel")
    def cancel_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What waits or has not begun."""
        done = _("The price is called off.")
        return self._decide(request, object_id, cancel_price_change, Form, done)

    def _decide(
        self, request: HttpRequest, object_id: str, verb: Verb, form: type[Form], done: Any
    ) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(request).select_related("sku"), pk=object_id)
        page = VerbPage(
            title=row.sku.code,
            form_class=form,
            run=lambda typed: verb(
                change_id=row.pk, at=clock.now(), actor=actor_of(request), **typed
            ),
            done=done,
            back=reverse("admin:catalog_pricechange_change", args=[row.pk]),
            button=_("Confirm"),
            facts=_facts(row),
        )
        return page.answer(request, self)


def _facts(row: PriceChange) -> tuple[tuple[Any, Any], ...]:
    return (
        (_("price before"), yuan(row.old_price_fen)),
        (_("price"), yuan(row.price_fen)),
        (_("reason"), row.reason or "-"),
        (_("asked by"), row.maker or "-"),
    )


@admin.register(PriceHistory)
class PriceHistoryAdmin(ReadOnlyAdmin):
    """What a SKU cost from when on, and whether it could be bought; nobody edits it."""

    list_display = ("sku", "product", "price", "list_price", "is_offered", "reason", "at")
    list_filter = ("is_offered",)
    list_select_related = ("sku__product",)
    search_fields = ("=sku__code", "sku__product__title_zh")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")

    @admin.display(description=_("product"))
    def product(self, row: PriceHistory) -> str:
        return str(row.sku.product)

    @admin.display(description=_("price"), ordering="price_fen")
    def price(self, row: PriceHistory) -> str:
        return yuan(row.price_fen)

    @admin.display(description=_("list price"), ordering="list_price_fen")
    def list_price(self, row: PriceHistory) -> str:
        return yuan(row.list_price_fen)


GUARDED = ("drop_bp", "spread_bp", "gradient_answer", "floor_margin_bp", "usual_margin_bp")


class PriceGuardForm(ModelForm):
    """The spread is typed in per cent as the rates beside it are."""

    class Meta:
        model = PriceGuard
        fields = GUARDED
        field_classes: ClassVar[dict[str, type]] = {"spread_bp": PercentFormField}
        widgets: ClassVar[dict[str, type]] = {"spread_bp": PercentInput}
        help_texts: ClassVar[dict[str, Any]] = {
            "spread_bp": _("Dearest SKU over cheapest one; 300 means three times.")
        }


@admin.register(PriceGuard)
class PriceGuardAdmin(MallAdmin):
    """From where on a price asks for a second look; one row that comes with the shop."""

    form = PriceGuardForm
    list_display = ("__str__", *GUARDED)
    fields = GUARDED

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: PriceGuard, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        save_price_guard(values=values, at=clock.now(), actor=actor_of(request))


@admin.register(CompetitorPrice)
class CompetitorPriceAdmin(MallAdmin):
    """What others ask for the same goods, noted by hand (C-27)."""

    list_display = ("product", "competitor", "price_fen", "seen_on", "url")
    list_filter = ("competitor",)
    list_select_related = ("product",)
    search_fields = ("=product__code", "product__title_zh", "competitor")
    autocomplete_fields = ("product",)
    date_hierarchy = "seen_on"
    fields = ("product", "competitor", "price_fen", "url", "seen_on", "others")
    readonly_fields = ("others",)
    ordering = ("-seen_on", "-pk")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An address typed without a scheme is taken as https."""
        if db_field.name == "url":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("the market"))
    def others(self, row: CompetitorPrice) -> str:
        return market_words(row.product, clock.now()) if row.product_id else "-"


def market_words(product: Any, at: datetime) -> str:
    """Lowest, mean and highest price of others, and the place of the own one among them."""
    found = competition(product, at)
    if found is None:
        return "-"
    return _("¥%(low)s / ¥%(average)s / ¥%(high)s; ours is number %(place)s of %(of)s") % {
        "low": yuan(found.low_fen),
        "average": yuan(found.average_fen),
        "high": yuan(found.high_fen),
        "place": found.place,
        "of": found.of,
    }
