"""The stock board: what is on hand, promised and free, and the deeds of the warehouse."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from inventory import services
from inventory.admin.forms import (
    CountForm,
    DeliveryForm,
    ReceiveForm,
    SafetyStockForm,
    WriteOffForm,
)
from inventory.admin.paper_forms import DefectForm, DifferenceForm, DisposalForm, HitForm
from inventory.models import StockItem
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, VerbPage, actor_of

PURCHASE = "purchase"
BOOKED = _("The stock is booked.")
HANDED_IN = _("%(title)s waits for approval.")
LEVELS = {"out": "danger", "low": "warning", "enough": "success"}


class LevelFilter(admin.SimpleListFilter):
    """Low first: what needs a purchase."""

    title = pgettext_lazy("stock", "level")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            ("low", _("below safety stock")),
            ("out", _("nothing free")),
            ("promised", _("promised to orders")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockItem]) -> Any:
        nothing_free = Q(on_hand=F("reserved"))
        match self.value():
            case "low":
                return queryset.below_safety()  # type: ignore[attr-defined]
            case "out":
                return queryset.filter(nothing_free)
            case "promised":
                return queryset.filter(reserved__gt=0)
        return queryset


@admin.register(StockItem)
class StockItemAdmin(MallAdmin):
    """One row a SKU and warehouse. Figures change by deeds, never by typing over them."""

    form = SafetyStockForm
    list_display = (
        "code",
        "product",
        "warehouse",
        "on_hand",
        "reserved",
        "free",
        "in_transit",
        "defective",
        "safety_stock",
        "level",
    )
    list_display_links = ("code", "product")
    list_filter = (LevelFilter, "warehouse")
    list_select_related = ("sku__product", "warehouse")
    search_fields = ("sku__code", "sku__barcode", "sku__product__title_zh")
    search_help_text = _("SKU code, barcode or product")
    readonly_fields = (
        "code",
        "product",
        "warehouse",
        "on_hand",
        "reserved",
        "free",
        "in_transit",
        "defective",
        "reorder_point",
        "is_safety_typed",
    )
    fields = (*readonly_fields, "safety_stock")
    actions_list = ("take_in_delivery",)
    actions_detail = (
        "receive",
        "adjust",
        "set_defective",
        "dispose",
        "mark_hit",
        "count",
        "write_off",
    )
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: StockItem | None = None) -> bool:
        return False

    def has_correct_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Correcting without a second person."""
        return request.user.has_perm("inventory.correct_stockitem")

    def has_adjust_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("inventory.add_stocktake")

    def has_dispose_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("inventory.add_disposal")

    def has_mark_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("inventory.mark_hits")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockItem]:
        return super().get_queryset(request).select_related("sku__product", "warehouse")

    @admin.display(description=_("SKU"), ordering="sku__code")
    def code(self, item: StockItem) -> str:
        return item.sku.code

    @admin.display(description=_("product"), ordering="sku__product__title_zh")
    def product(self, item: StockItem) -> str:
        return str(item.sku.product)

    @admin.display(description=_("free pieces"), ordering=F("on_hand") - F("reserved"))
    def free(self, item: StockItem) -> int:
        return item.available

    @display(description=pgettext_lazy("stock", "level"), label=LEVELS)
    def level(self, item: StockItem) -> tuple[str, str | Promise]:
        if not item.available:
            return "out", pgettext_lazy("stock level", "none")
        if item.available < item.threshold:
            return "low", pgettext_lazy("stock level", "low")
        return "enough", pgettext_lazy("stock level", "enough")

    def save_model(self, request: HttpRequest, obj: StockItem, form: Any, change: bool) -> None:
        """Only the safety stock is typed; the verb leaves a trail."""
        services.set_safety_stock(
            item_id=obj.pk,
            safety_stock=form.cleaned_data["safety_stock"],
            actor=actor_of(request),
            at=clock.now(),
        )

    @action(description=_("Receive"), permissions=["change"], icon="add_box")
    def receive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Pieces of this SKU came in."""
        item = self._item(object_id)
        deed = partial(
            services.receive_stock,
            sku=item.sku,
            warehouse=item.warehouse,
            source_type=PURCHASE,
            actor=actor_of(request),
            at=clock.now(),
        )
        return self._page(item, ReceiveForm, lambda typed: deed(**typed), _("Receive")).answer(
            request, self
        )

    @action(description=_("Count at once"), permissions=["correct"], icon="checklist")
    def count(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Somebody counted this row."""
        item = self._item(object_id)
        deed = partial(
            services.count_stock, item_id=item.pk, actor=actor_of(request), at=clock.now()
        )
        return self._page(item, CountForm, lambda typed: deed(**typed), _("Count")).answer(
            request, self
        )

    @action(description=_("Write off at once"), permissions=["correct"], icon="delete_sweep")
    def write_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Pieces of this row are gone."""
        item = self._item(object_id)
        deed = partial(
            services.write_off_stock,
            item_id=item.pk,
            source_type="operator",
            actor=actor_of(request),
            at=clock.now(),
        )
        return self._page(item, WriteOffForm, lambda typed: deed(**typed), _("Write off")).answer(
            request, self
        )

    @action(description=_("Adjust"), permissions=["adjust"], icon="exposure")
    def adjust(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Pieces more or less, booked when somebody else approves."""
        item = self._item(object_id)
        deed = partial(
            services.adjust_stock, item_id=item.pk, actor=actor_of(request), at=clock.now()
        )
        run, button = lambda typed: deed(**typed), _("Hand in")
        return self._page(item, DifferenceForm, run, button, HANDED_IN % {"title": item}).answer(
            request, self
        )

    @action(description=_("Set aside as defective"), permissions=["change"], icon="broken_image")
    def set_defective(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Broken pieces leave what is sold."""
        item = self._item(object_id)
        deed = partial(
            services.set_defective, item_id=item.pk, actor=actor_of(request), at=clock.now()
        )
        return self._page(item, DefectForm, lambda typed: deed(**typed), _("Set aside")).answer(
            request, self
        )

    @action(description=_("Dispose of defects"), permissions=["dispose"], icon="recycling")
    def dispose(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Scrap, sell or give back; done when somebody else approves."""
        item = self._item(object_id)
        deed = partial(
            services.propose_disposal, item_id=item.pk, actor=actor_of(request), at=clock.now()
        )
        run, button = lambda typed: deed(**typed), _("Hand in")
        return self._page(item, DisposalForm, run, button, HANDED_IN % {"title": item}).answer(
            request, self
        )

    @action(description=_("Mark as a hit"), permissions=["mark"], icon="local_fire_department")
    def mark_hit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Bought before others until the mark is taken away."""
        item = self._item(object_id)
        deed = partial(services.mark_hit, item_id=item.pk, actor=actor_of(request), at=clock.now())
        run, button = lambda typed: deed(**typed), _("Save")
        return self._page(item, HitForm, run, button, _("Noted.")).answer(request, self)

    @action(
        description=_("Take in a delivery"),
        permissions=["change"],
        url_path="delivery",
        icon="local_shipping",
    )
    def take_in_delivery(self, request: HttpRequest) -> HttpResponse:
        """A delivery of many SKUs."""
        deed = partial(
            services.receive_delivery,
            source_type=PURCHASE,
            actor=actor_of(request),
            at=clock.now(),
        )
        page = VerbPage(
            title=_("Take in a delivery"),
            form_class=DeliveryForm,
            run=lambda typed: deed(
                warehouse=typed["warehouse"], pieces=typed["lines"], source_id=typed["source_id"]
            ),
            done=_("The delivery is booked."),
            back=reverse("admin:inventory_stockitem_changelist"),
            button=_("Book"),
        )
        return page.answer(request, self)

    def _item(self, object_id: str) -> StockItem:
        rows = StockItem.objects.select_related("sku__product", "warehouse")
        return get_object_or_404(rows, pk=object_id)

    def _fresh_id(self, form_class: Any) -> str:
        """Sent twice by a double click, booked once; a delivery note has its own number."""
        return uuid4().hex if form_class in (WriteOffForm, DefectForm) else ""

    def _page(
        self,
        item: StockItem,
        form_class: Any,
        run: Any,
        button: Promise,
        done: str | Promise = BOOKED,
    ) -> VerbPage:
        return VerbPage(
            title=f"{item.sku.code} · {item.warehouse}",
            form_class=form_class,
            run=run,
            done=done,
            back=reverse("admin:inventory_stockitem_change", args=[item.pk]),
            button=button,
            initial={"seen_on_hand": item.on_hand, "source_id": self._fresh_id(form_class)},
            facts=(
                (_("product"), item.sku.product),
                (_("on hand"), item.on_hand),
                (_("reserved"), item.reserved),
                (_("free pieces"), item.available),
                (_("defective"), item.defective),
            ),
        )
