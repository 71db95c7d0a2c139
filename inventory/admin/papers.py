"""Screens of transfers, stocktakes and disposals: papers with the deeds that their state allows."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action

from inventory import services
from inventory.admin.paper_forms import (
    ArrivalForm,
    CountsForm,
    NoteForm,
    OpenStocktakeForm,
    TransferForm,
)
from inventory.models import Disposal, Stocktake, StocktakeLine, Transfer, TransferLine
from mall.kernel import clock
from mall.kernel.admin import (
    OffersByState,
    ReadOnlyAdmin,
    ReadOnlyInline,
    VerbPage,
    actor_of,
)


class PaperAdmin(OffersByState, ReadOnlyAdmin):
    """A paper is read; its deeds are actions, each a verb that the paper's state allows."""

    list_filter: Any = ("status",)
    ordering = ("-pk",)

    def _may(self, request: HttpRequest, right: str) -> bool:
        return request.user.has_perm(f"inventory.{right}")

    def _list_url(self) -> str:
        return reverse(f"admin:inventory_{self.model._meta.model_name}_changelist")

    def _page_url(self, pk: object) -> str:
        return reverse(f"admin:inventory_{self.model._meta.model_name}_change", args=[pk])

    def _ask(
        self,
        request: HttpRequest,
        paper: Any,
        form_class: type[forms.Form],
        run: Callable[[Mapping[str, Any]], Any],
        button: str | Promise,
        **initial: Any,
    ) -> HttpResponse:
        """A page that asks for figures and runs one verb; afterwards the paper is shown."""
        page = VerbPage(
            title=paper.number,
            form_class=form_class,
            run=run,
            done=_("Noted."),
            back=self._page_url(paper.pk),
            button=button,
            initial=initial,
            facts=((_("status"), paper.get_status_display()),),
        )
        return page.answer(request, self)


class Deed(NamedTuple):
    """Who does it, and when: what each verb of a paper takes besides its figures."""

    actor: Any
    at: Any

    @classmethod
    def of(cls, request: HttpRequest) -> dict[str, Any]:
        """As keyword arguments."""
        return cls(actor_of(request), clock.now())._asdict()


class TransferLines(ReadOnlyInline):
    """What is sent, and what became of it."""

    model = TransferLine
    fields = readonly_fields = ("sku", "pieces", "received", "lost", "returned")
    ordering = ("sku",)
    per_page = 50


@admin.register(Transfer)
class TransferAdmin(PaperAdmin):
    """Drafted by hand or suggested; sent, received in parts, finished or called off."""

    list_display = ("number", "origin", "target", "status", "cause", "drafted_at", "sent_at")
    list_filter = ("status", "origin", "target")
    list_select_related = ("origin", "target")
    search_fields = ("=number", "=lines__sku__code")
    search_help_text = _("number or SKU code")
    inlines = (TransferLines,)
    actions_list = ("draft",)
    actions_detail = ("send", "receive", "finish", "cancel")
    offers = {
        Transfer.Status.DRAFT: ("send", "cancel"),
        Transfer.Status.SENT: ("receive", "finish", "cancel"),
    }

    def has_draft_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "add_transfer")

    def has_move_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "move_transfer")

    @action(description=_("New transfer"), permissions=["draft"], url_path="draft", icon="add")
    def draft(self, request: HttpRequest) -> HttpResponse:
        """Write a transfer down; nothing moves yet."""
        page = VerbPage(
            title=_("New transfer"),
            form_class=TransferForm,
            run=lambda typed: services.draft_transfer(
                origin_id=typed["warehouse"].pk,
                target_id=typed["target"].pk,
                pieces=typed["lines"],
                note=typed["note"],
                **Deed.of(request),
            ),
            done=_("The transfer is drafted."),
            back=self._list_url(),
            button=_("Draft"),
        )
        return page.answer(request, self)

    @action(
        description=pgettext_lazy("transfer", "Send"), permissions=["move"], icon="local_shipping"
    )
    def send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The pieces leave the warehouse."""
        transfer = self._one(object_id)
        return self._ask(
            request,
            transfer,
            forms.Form,
            lambda _typed: services.send_transfer(transfer_id=transfer.pk, **Deed.of(request)),
            pgettext_lazy("transfer", "Send"),
        )

    @action(description=_("Receive"), permissions=["move"], icon="inventory")
    def receive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All of it arrived, or a part."""
        transfer = self._one(object_id)
        return self._ask(
            request,
            transfer,
            ArrivalForm.of(transfer),
            lambda typed: services.receive_transfer(
                transfer_id=transfer.pk,
                pieces=typed["pieces"],
                reference=typed["reference"],
                **Deed.of(request),
            ),
            _("Receive"),
            reference=uuid4().hex,
        )

    @action(description=_("Close: the rest is lost"), permissions=["move"], icon="report")
    def finish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What never arrived is written off."""
        return self._end(
            request, object_id, services.finish_transfer, pgettext_lazy("paper", "Close")
        )

    @action(description=_("Call off"), permissions=["move"], icon="undo")
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A draft is dropped; what is on its way goes back."""
        return self._end(request, object_id, services.cancel_transfer, _("Call off"))

    def _end(
        self, request: HttpRequest, object_id: str, verb: Callable[..., Any], button: Promise
    ) -> HttpResponse:
        transfer = self._one(object_id)
        deed = partial(verb, transfer_id=transfer.pk, **Deed.of(request))
        return self._ask(
            request, transfer, NoteForm, lambda typed: deed(note=typed["note"]), button
        )

    def _one(self, object_id: str) -> Transfer:
        return get_object_or_404(Transfer, pk=object_id)


class StocktakeLines(ReadOnlyInline):
    """Book, count and difference of each row."""

    model = StocktakeLine
    fields = readonly_fields = ("code", "book", "counted", "difference", "reason")
    per_page = 100

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item__sku").order_by("item__sku__code")

    @admin.display(description=_("SKU"))
    def code(self, line: StocktakeLine) -> str:
        return line.item.sku.code


@admin.register(Stocktake)
class StocktakeAdmin(PaperAdmin):
    """Counted by one person, approved by another."""

    list_display = (
        "number",
        "kind",
        "warehouse",
        "status",
        "note",
        "opened_at",
        "made_by",
        "decided_by",
    )
    list_filter = ("status", "kind", "warehouse")
    list_select_related = ("warehouse", "made_by", "decided_by")
    search_fields = ("=number", "note")
    search_help_text = _("number or note")
    inlines = (StocktakeLines,)
    actions_list = ("open_list",)
    actions_detail = ("enter", "submit", "drop", "approve", "refuse")
    offers = {
        Stocktake.Status.COUNTING: ("enter", "submit", "drop"),
        Stocktake.Status.WAITING: ("approve", "refuse"),
    }

    def has_open_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "add_stocktake")

    def has_enter_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "change_stocktake")

    def has_approve_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "approve_stocktake")

    @action(description=_("New stocktake"), permissions=["open"], url_path="open", icon="checklist")
    def open_list(self, request: HttpRequest) -> HttpResponse:
        """List a warehouse to be counted."""
        page = VerbPage(
            title=_("New stocktake"),
            form_class=OpenStocktakeForm,
            run=lambda typed: services.open_stocktake(
                warehouse_id=typed["warehouse"].pk, note=typed["note"], **Deed.of(request)
            ),
            done=_("The list is ready to be counted."),
            back=self._list_url(),
            button=_("Open"),
        )
        return page.answer(request, self)

    @action(description=_("Enter counts"), permissions=["enter"], icon="edit_note")
    def enter(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What was counted, line by line."""
        paper = self._one(object_id)
        return self._ask(
            request,
            paper,
            CountsForm.of(paper),
            lambda typed: services.enter_counts(
                stocktake_id=paper.pk,
                counted={pk: pieces for pk, (pieces, _reason) in typed["lines"].items()},
                reasons={pk: reason for pk, (_pieces, reason) in typed["lines"].items()},
                **Deed.of(request),
            ),
            _("Enter counts"),
        )

    @action(description=_("Hand in"), permissions=["enter"], icon="outbox")
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Counted: somebody else approves it now."""
        return self._decide(request, object_id, services.submit_stocktake, _("Hand in"))

    @action(description=pgettext_lazy("paper", "Drop"), permissions=["enter"], icon="delete")
    def drop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Opened by mistake: nothing is booked."""
        return self._decide(
            request, object_id, services.drop_stocktake, pgettext_lazy("paper", "Drop")
        )

    @action(description=_("Approve"), permissions=["approve"], icon="task_alt")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Book the differences."""
        return self._decide(request, object_id, services.approve_stocktake, _("Approve"))

    @action(description=pgettext_lazy("paper", "Refuse"), permissions=["approve"], icon="block")
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Nothing is booked."""
        paper = self._one(object_id)
        deed = partial(services.refuse_stocktake, stocktake_id=paper.pk, **Deed.of(request))
        return self._ask(
            request,
            paper,
            NoteForm,
            lambda typed: deed(note=typed["note"]),
            pgettext_lazy("paper", "Refuse"),
        )

    def _decide(
        self, request: HttpRequest, object_id: str, verb: Callable[..., Any], button: Promise
    ) -> HttpResponse:
        paper = self._one(object_id)
        deed = partial(verb, stocktake_id=paper.pk, **Deed.of(request))
        return self._ask(request, paper, forms.Form, lambda _typed: deed(), button)

    def _one(self, object_id: str) -> Stocktake:
        return get_object_or_404(Stocktake, pk=object_id)


@admin.register(Disposal)
class DisposalAdmin(PaperAdmin):
    """What becomes of defects; proposed on the stock row, done when a second person approves."""

    list_display = (
        "number",
        "code",
        "warehouse",
        "way",
        "pieces",
        "proceeds_fen",
        "status",
        "made_by",
        "decided_by",
    )
    list_filter = ("status", "way", "item__warehouse")
    list_select_related = ("item__sku", "item__warehouse", "made_by", "decided_by")
    search_fields = ("=number", "=item__sku__code")
    search_help_text = _("number or SKU code")
    actions_detail = ("approve", "refuse")
    offers = {Disposal.Status.WAITING: ("approve", "refuse")}

    def has_approve_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "approve_disposal")

    @admin.display(description=_("SKU"))
    def code(self, paper: Disposal) -> str:
        return paper.item.sku.code

    @admin.display(description=_("warehouse"))
    def warehouse(self, paper: Disposal) -> str:
        return str(paper.item.warehouse)

    @action(description=_("Approve"), permissions=["approve"], icon="task_alt")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The pieces go."""
        return self._decide(request, object_id, services.approve_disposal, _("Approve"))

    @action(description=pgettext_lazy("paper", "Refuse"), permissions=["approve"], icon="block")
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The pieces stay."""
        return self._decide(
            request, object_id, services.refuse_disposal, pgettext_lazy("paper", "Refuse")
        )

    def _decide(
        self, request: HttpRequest, object_id: str, verb: Callable[..., Any], button: Promise
    ) -> HttpResponse:
        paper = get_object_or_404(Disposal, pk=object_id)
        deed = partial(verb, disposal_id=paper.pk, **Deed.of(request))
        return self._ask(request, paper, forms.Form, lambda _typed: deed(), button)
