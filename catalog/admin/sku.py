"""SKUs across products, for prices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from catalog.admin.acting import actor_of
from catalog.admin.price import market_words
from catalog.admin.price_forms import PERCENT_BP, CostPriceForm, PriceForm, wish_of
from catalog.models import BundlePart, Sku
from catalog.pricing import Advice, advise, market_price
from catalog.selectors import competition, lowest_price_30d, price_guard
from catalog.services import PriceOutcome, ask_prices, change_sku, set_bundle_parts
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, MallTabularInline, VerbPage
from mall.kernel.money import yuan
from mall.kernel.words import localized

Kind = Sku.ListPriceKind
WARNINGS = {
    "": _("none"),
    "below_cost": _("below cost"),
    "thin_margin": _("less than the lowest margin"),
}

CHOICE = ("product__options__values",)


def choice_words(sku: Sku) -> str:
    """The option values of a SKU in words; the rows were fetched with CHOICE prefetched."""
    if not sku.pk or not sku.options:
        return "-"
    return ", ".join(
        localized(value, "title")
        for option in sku.product.options.all()
        for value in option.values.all()
        if sku.options.get(option.code) == value.code
    )


class BundlePartInline(MallTabularInline):
    """What a bundle is made of: chosen by code, in the order shown to shoppers."""

    model = BundlePart
    fk_name = "bundle"
    fields = ("part", "quantity", "sort")
    autocomplete_fields = ("part",)
    verbose_name_plural = _("parts of the bundle")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BundlePart]:
        return super().get_queryset(request).select_related("part")


@admin.register(Sku)
class SkuAdmin(MallAdmin):
    """The price list: two columns to type in, every change kept in the price history; and what a
    bundle is made of.

    An unusual price waits for a second person; planned and limited ones have a page of their own.
    """

    list_display = (
        "code",
        "product",
        "choice",
        "price_fen",
        "list_price_fen",
        "anchor",
        "cost",
        "weight_grams",
        "is_active",
    )
    list_display_links = ("code",)
    list_editable = ("price_fen", "list_price_fen")
    list_filter = (
        "is_active",
        "is_gift_only",
        "is_bundle",
        "list_price_kind",
        "product__status",
        "product__brand",
    )
    list_select_related = ("product",)
    search_fields = ("code", "barcode", "product__title_zh", "product__title_en")
    search_help_text = _("SKU code, barcode or product")
    fields = (
        "code",
        "product",
        "choice",
        "barcode",
        "price_fen",
        "list_price_fen",
        "list_price_kind",
        "cost_fen",
        "weight_grams",
        "volume_cm3",
        "media",
        "is_active",
        "is_gift_only",
    )
    readonly_fields = ("code", "product", "choice")
    autocomplete_fields = ("media",)
    masked_fields = ("cost_fen", "cost")
    mask_permission = "catalog.see_cost"
    ordering = ("product", "sort", "pk")
    actions_detail = ("change_price",)
    inlines = (BundlePartInline,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sku]:
        return super().get_queryset(request).prefetch_related(*CHOICE)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Whether a list price is proven is found out, not chosen."""
        if db_field.name == "list_price_kind":
            kwargs["choices"] = [pair for pair in Kind.choices if pair[0] != Kind.UNPROVEN]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    @admin.display(description=_("options"))
    def choice(self, sku: Sku) -> str:
        return choice_words(sku)

    @admin.display(description=_("standard cost"), ordering="cost_fen")
    def cost(self, sku: Sku) -> str:
        return yuan(sku.cost_fen)

    @display(
        description=_("kind of list price"),
        ordering="list_price_kind",
        label={Kind.UNPROVEN.label: "danger", Kind.OFFERED.label: "success"},
    )
    def anchor(self, sku: Sku) -> str:
        return sku.get_list_price_kind_display() if sku.list_price_fen > sku.price_fen else "-"

    def save_model(self, request: HttpRequest, obj: Sku, form: Any, change: bool) -> None:
        """What was typed, through the verb."""
        values = {name: getattr(obj, name) for name in form.changed_data}
        save_typed(request, obj.pk, values, clock.now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The parts as they stand in the form, through the verb."""
        formset.save(commit=False)
        if not formset.has_changed():
            return
        kept = [
            row.instance
            for row in formset.forms
            if row.instance.part_id and row not in formset.deleted_forms
        ]
        kept.sort(key=lambda part: part.sort)
        set_bundle_parts(
            sku_id=form.instance.pk,
            parts={part.part_id: part.quantity for part in kept},
            actor=actor_of(request),
            at=clock.now(),
        )

    @action(description=_("Change the price"), permissions=["change"], icon="price_change")
    def change_price(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The price tool: what the cost and the market suggest; a price with times and a reason."""
        sku = get_object_or_404(Sku.objects.select_related("product"), pk=object_id)
        at, may_see_cost = clock.now(), self.may_see_masked(request)
        page = VerbPage(
            title=sku.code,
            form_class=CostPriceForm if may_see_cost else PriceForm,
            run=lambda typed: _ask(request, sku, typed, at),
            done=_("The price is noted."),
            back=reverse("admin:catalog_sku_change", args=[sku.pk]),
            button=_("Change the price"),
            initial={
                "list_price_fen": sku.list_price_fen,
                "margin": price_guard().usual_margin_bp // PERCENT_BP,
            },
            facts=(*_prices(sku, at), *(_advice(sku, at) if may_see_cost else ())),
        )
        return page.answer(request, self)


def save_typed(request: HttpRequest, sku_id: int, values: Mapping[str, Any], at: datetime) -> None:
    """Columns of a SKU as typed in a list or form; says when a price waits or is not proven."""
    reason = _now("typed in the price list")
    sku = change_sku(sku_id=sku_id, values=values, actor=actor_of(request), at=at, reason=reason)
    if values.get("price_fen", sku.price_fen) != sku.price_fen:
        say_waiting(request, sku)
    if sku.list_price_kind == Kind.UNPROVEN and sku.list_price_fen > sku.price_fen:
        text = _("%(sku)s was never sold at its list price: it is not shown as a price of before.")
        messages.warning(request, text % {"sku": sku.code})


def say_waiting(request: HttpRequest, sku: Sku) -> None:
    """Tell the operator that somebody else has to look at the price first."""
    text = _("The price of %(sku)s is unusual and waits for a second person.")
    messages.warning(request, text % {"sku": sku.code})


def _ask(request: HttpRequest, sku: Sku, typed: Mapping[str, Any], at: datetime) -> PriceOutcome:
    outcome = ask_prices(
        wishes=[wish_of(sku, typed)], reason=typed["reason"], at=at, actor=actor_of(request)
    )
    if outcome.waiting:
        say_waiting(request, sku)
    return outcome


def _prices(sku: Sku, at: datetime) -> tuple[tuple[Any, Any], ...]:
    lowest = lowest_price_30d([sku.pk], at).get(sku.pk)
    return (
        (_("price"), yuan(sku.price_fen)),
        (_("lowest price of 30 days"), "-" if lowest is None else yuan(lowest)),
        (_("the market"), market_words(sku.product, at)),
    )


def _advice(sku: Sku, at: datetime) -> tuple[tuple[Any, Any], ...]:
    guard, others = price_guard(), competition(sku.product, at)
    floor_bp = guard.floor_margin_bp
    found: Advice = advise(
        price_fen=sku.price_fen,
        cost_fen=sku.cost_fen,
        wanted_bp=guard.usual_margin_bp,
        floor_bp=floor_bp,
    )
    market_fen = others and market_price(others, cost_fen=sku.cost_fen, floor_bp=floor_bp)
    return (
        (_("standard cost"), yuan(sku.cost_fen)),
        (
            _now("suggested at a margin of %(percent)s %%")
            % {"percent": guard.usual_margin_bp // PERCENT_BP},
            yuan(found.suggested_fen),
        ),
        (_("suggested by the market"), yuan(market_fen) if market_fen else "-"),
        (_("margin now"), f"{found.margin_bp // 100} %" if sku.cost_fen else "-"),
        (_("warning"), WARNINGS[found.warning]),
    )
