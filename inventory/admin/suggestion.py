"""Purchase suggestions: what ought to be bought or made, until somebody has dealt with it."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from inventory import services
from inventory.admin.alert import StateFilter
from inventory.admin.sources import SOURCES
from inventory.admin.supply_forms import HouseForm
from inventory.models import PurchaseSuggestion
from inventory.selectors import best_offers
from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, VerbPage, actor_of, run_verb
from mall.kernel.db import refuse_unsafe_text


class SettleForm(forms.Form):
    """What was done about it."""

    note = forms.CharField(
        label=_("what was done"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


class SettledFilter(StateFilter):
    """Open suggestions, unless all are asked for."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(settled_at__isnull=self.value() != "closed")


@admin.register(PurchaseSuggestion)
class PurchaseSuggestionAdmin(ReadOnlyAdmin):
    """One row a SKU and cause."""

    spoken = {"source_type": SOURCES}
    list_display = (
        "code",
        "product",
        "pieces",
        "is_urgent",
        "title",
        "due_on",
        "suggested_at",
        "settled_at",
    )
    list_filter = (SettledFilter, "source_type")
    list_select_related = ("sku__product",)
    search_fields = ("=sku__code", "sku__product__title_zh", "title")
    search_help_text = _("SKU code or product")
    ordering = ("-is_urgent", "due_on", "pk")
    actions = ("order",)
    actions_detail = ("settle", "order_one")

    @admin.display(description=_("SKU"))
    def code(self, row: PurchaseSuggestion) -> str:
        return row.sku.code

    @admin.display(description=_("product"))
    def product(self, row: PurchaseSuggestion) -> str:
        return str(row.sku.product)

    def has_order_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("inventory.add_purchaseorder")

    @admin.action(description=_("Order from suppliers"), permissions=["order"])
    def order(self, request: HttpRequest, queryset: QuerySet[PurchaseSuggestion]) -> None:
        """Drafts for the chosen rows, one a supplier and warehouse that ran low."""
        run_verb(
            request,
            partial(
                services.order_suggested,
                suggestion_ids=list(queryset.values_list("pk", flat=True)),
                actor=actor_of(request),
                at=clock.now(),
            ),
            _("Drafted: the list of purchase orders has them."),
        )

    @action(description=_("Order from a supplier"), permissions=["order"], icon="shopping_cart")
    def order_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A draft at the best supplier, at least its minimum."""
        rows = PurchaseSuggestion.objects.select_related("sku", "alert__item")
        row = get_object_or_404(rows, pk=object_id)
        offer = best_offers([row.sku_id]).get(row.sku_id)
        deed = partial(
            services.order_suggested,
            suggestion_ids=[row.pk],
            actor=actor_of(request),
            at=clock.now(),
        )
        page = VerbPage(
            title=f"{row.sku.code} × {row.pieces}",
            form_class=HouseForm,
            run=lambda typed: deed(warehouse_id=typed["warehouse"].pk),
            done=_("Drafted: the list of purchase orders has them."),
            back=reverse("admin:inventory_purchasesuggestion_changelist"),
            button=pgettext_lazy("button", "Order"),
            initial={"warehouse": row.alert.item.warehouse_id if row.alert else None},
            facts=(
                (_("needed"), row.pieces),
                (_("minimum order"), offer.moq if offer else "-"),
                (_("lead time in days"), offer.lead_days if offer else "-"),
            ),
        )
        return page.answer(request, self)

    def has_settle_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("inventory.settle_purchasesuggestion")

    @action(description=_("Deal with it"), permissions=["settle"], icon="task_alt")
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ordered at the supplier, or decided against."""
        row = get_object_or_404(PurchaseSuggestion.objects.select_related("sku"), pk=object_id)
        deed = partial(
            services.settle_suggestion,
            suggestion_id=row.pk,
            actor=actor_of(request),
            at=clock.now(),
        )
        page = VerbPage(
            title=f"{row.sku.code} × {row.pieces}",
            form_class=SettleForm,
            run=lambda typed: deed(note=typed["note"]),
            done=_("Noted."),
            back=reverse("admin:inventory_purchasesuggestion_changelist"),
            button=pgettext_lazy("button", "Done"),
            facts=((_("cause in words"), row.title), (_("needed on"), row.due_on or "")),
        )
        return page.answer(request, self)
