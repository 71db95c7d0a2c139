"""Purchase orders: drafted, approved, sent, taken in, closed; a sheet to print. Source: I-36."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from inventory import services
from inventory.admin.papers import PaperAdmin
from inventory.admin.supplier import deed_of
from inventory.admin.supply_forms import (
    GoodsForm,
    PurchaseArrivalForm,
    PurchaseForm,
    ReasonForm,
)
from inventory.models import GoodsReceipt, PurchaseOrder, PurchaseOrderLine
from mall.kernel.admin import ReadOnlyInline, VerbPage

STATES = {
    "draft": "info",
    "approved": "info",
    "sent": "warning",
    "part_received": "warning",
    "received": "success",
    "closed": "success",
    "cancelled": "danger",
}


class LineInline(ReadOnlyInline):
    """What was ordered and what became of it."""

    model = PurchaseOrderLine
    fields = readonly_fields = ("sku", "quantity", "received", "given_up", "open", "cost_fen")
    masked_fields = ("cost_fen",)
    mask_permission = "catalog.see_cost"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("sku")

    @admin.display(description=_("still open"))
    def open(self, line: PurchaseOrderLine) -> int:
        return line.left


class ReceiptInline(ReadOnlyInline):
    """The deliveries."""

    model = GoodsReceipt
    fields = readonly_fields = ("note_number", "at", "actor")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(PaperAdmin):
    """One order at one supplier; it changes by deeds."""

    list_display = (
        "number",
        "supplier",
        "warehouse",
        "state",
        "total_fen",
        "expected_on",
        "made_at",
        "made_by",
        "approved_by",
    )
    list_filter = ("status", "supplier", "warehouse")
    list_select_related = ("supplier", "warehouse", "made_by", "approved_by")
    search_fields = ("=number", "supplier__title_zh", "=lines__sku__code")
    search_help_text = _("number, supplier or SKU code")
    date_hierarchy = "made_at"
    exclude = ("suggestions",)
    inlines = (LineInline, ReceiptInline)
    masked_fields = ("total_fen",)
    mask_permission = "catalog.see_cost"
    actions_list = ("draft",)
    actions_detail = ("change_goods", "approve", "send", "receive", "close", "cancel", "sheet")
    offers = {
        PurchaseOrder.Status.DRAFT: ("change_goods", "approve", "cancel"),
        PurchaseOrder.Status.APPROVED: ("send", "cancel"),
        PurchaseOrder.Status.SENT: ("receive", "cancel"),
        PurchaseOrder.Status.PART_RECEIVED: ("receive", "close"),
        PurchaseOrder.Status.RECEIVED: ("close",),
    }

    def has_draft_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "add_purchaseorder")

    def has_approve_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "approve_purchaseorder")

    def has_receive_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "receive_purchaseorder")

    @display(description=_("status"), ordering="status", label=STATES)
    def state(self, order: PurchaseOrder) -> tuple[str, str]:
        return order.status, order.get_status_display()

    @action(
        description=_("New purchase order"), permissions=["draft"], url_path="draft", icon="add"
    )
    def draft(self, request: HttpRequest) -> HttpResponse:
        """Write an order down; nothing is ordered yet."""
        page = VerbPage(
            title=_("New purchase order"),
            form_class=PurchaseForm,
            run=lambda typed: services.draft_purchase(
                supplier_id=typed["supplier"].pk,
                warehouse_id=typed["warehouse"].pk,
                pieces=typed["lines"],
                note=typed["note"],
                **deed_of(request),
            ),
            done=_("The purchase order is drafted."),
            back=self._list_url(),
            button=_("Draft"),
        )
        return page.answer(request, self)

    @action(description=_("Change the goods"), permissions=["draft"], icon="edit_note")
    def change_goods(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Only of a draft."""
        order = self._one(object_id)
        lines = order.lines.select_related("sku").order_by("pk")
        return self._ask(
            request,
            order,
            GoodsForm,
            lambda typed: services.change_purchase(
                order_id=order.pk, pieces=typed["lines"], **deed_of(request)
            ),
            _("Save"),
            lines="\n".join(f"{line.sku.code} {line.quantity}" for line in lines),
        )

    @action(description=_("Approve"), permissions=["approve"], icon="check_circle")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """From now on its pieces are in transit."""
        return self._run(request, object_id, services.approve_purchase, _("Approve"))

    @action(description=_("Sent to the supplier"), permissions=["draft"], icon="send")
    def send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The supplier has it."""
        return self._run(request, object_id, services.send_purchase, _("Sent to the supplier"))

    @action(description=_("Receive"), permissions=["receive"], icon="inventory")
    def receive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All of it arrived, or a part."""
        order = self._one(object_id)
        return self._ask(
            request,
            order,
            PurchaseArrivalForm.of(order),
            lambda typed: services.receive_purchase(
                order_id=order.pk,
                note_number=typed["note_number"],
                delivered=typed["delivered"],
                **deed_of(request),
            ),
            _("Receive"),
        )

    @action(description=_("Close: nothing more comes"), permissions=["approve"], icon="task_alt")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Open pieces are in transit no longer."""
        return self._end(
            request, object_id, services.close_purchase, pgettext_lazy("paper", "Close")
        )

    @action(description=_("Cancel"), permissions=["draft"], icon="cancel")
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Nothing of it has come."""
        button = pgettext_lazy("purchase", "Cancel the order")
        return self._end(request, object_id, services.cancel_purchase, button)

    @action(description=_("Sheet to print"), icon="print")
    def sheet(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the supplier is sent."""
        order = get_object_or_404(self.get_queryset(request), pk=object_id)
        context = {
            "order": order,
            "lines": order.lines.select_related("sku__product").order_by("pk"),
            "shows_cost": request.user.has_perm("catalog.see_cost"),
        }
        return TemplateResponse(request, "admin/purchase_sheet.html", context)

    def _run(
        self, request: HttpRequest, object_id: str, verb: Callable[..., Any], button: str | Promise
    ) -> HttpResponse:
        order = self._one(object_id)
        deed = partial(verb, order_id=order.pk, **deed_of(request))
        return self._ask(request, order, forms.Form, lambda _typed: deed(), button)

    def _end(
        self, request: HttpRequest, object_id: str, verb: Callable[..., Any], button: str | Promise
    ) -> HttpResponse:
        order = self._one(object_id)
        deed = partial(verb, order_id=order.pk, **deed_of(request))
        return self._ask(
            request, order, ReasonForm, lambda typed: deed(reason=typed["reason"]), button
        )

    def _one(self, object_id: str) -> PurchaseOrder:
        return get_object_or_404(PurchaseOrder, pk=object_id)
