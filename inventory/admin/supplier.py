"""Suppliers: their files, agreements, documents and goods; admitted, suspended, ended. I-25."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from inventory import services
from inventory.admin.alert import LINK
from inventory.admin.supply_forms import (
    AgreementForm,
    ReasonForm,
    StockFileForm,
    SupplierDocumentForm,
)
from inventory.models import (
    Supplier,
    SupplierAgreement,
    SupplierContact,
    SupplierDocument,
    SupplierKey,
    SupplierSku,
    SupplierSync,
)
from inventory.services import read_stock_file
from mall.kernel import clock
from mall.kernel.admin import (
    MallAdmin,
    MallTabularInline,
    OffersByState,
    ReadOnlyAdmin,
    ReadOnlyInline,
    VerbPage,
    actor_of,
    whether,
)

VALID, SOON, OVER = _("valid"), _("runs out soon"), _("has run out")
CONTACTS = "inventory.see_supplier_contacts"


def deed_of(request: HttpRequest) -> dict[str, Any]:
    """Who does it and when: what each verb takes besides its figures."""
    return {"actor": actor_of(request), "at": clock.now()}


class Kept(MallAdmin):
    """Rows that are kept: changed through verbs, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ContactInline(MallTabularInline):
    """People at the supplier; numbers only for who may see them."""

    model = SupplierContact
    fields = ("name", "duty", "phone", "email", "is_first")
    masked_fields = ("phone", "email")
    mask_permission = CONTACTS


class AgreementInline(ReadOnlyInline):
    """What was signed: an admission asks for one in force."""

    model = SupplierAgreement
    fields = readonly_fields = ("paper", "starts_on", "ends_on", "is_active")

    @admin.display(description=_("number"))
    def paper(self, row: SupplierAgreement) -> str:
        url = reverse("admin:inventory_supplieragreement_change", args=[row.pk])
        return format_html(LINK, url, row.number)


class DocumentInline(ReadOnlyInline):
    """Licences and certificates: none may have run out."""

    model = SupplierDocument
    fields = readonly_fields = ("paper", "number", "starts_on", "expires_on")

    @admin.display(description=_("title"))
    def paper(self, row: SupplierDocument) -> str:
        url = reverse("admin:inventory_supplierdocument_change", args=[row.pk])
        return format_html(LINK, url, row.title)


@admin.register(Supplier)
class SupplierAdmin(OffersByState, Kept):
    """One row a company. Its status moves by deeds."""

    list_display = (
        "code",
        "title_zh",
        "state",
        "level",
        "moq",
        "lead_days",
        "ships_within_hours",
        "graded_on",
    )
    list_display_links = ("code", "title_zh")
    list_filter = ("status", "grade", "categories")
    search_fields = ("code", "title_zh", "title_en")
    search_help_text = _("code or title")
    autocomplete_fields = ("categories",)
    readonly_fields = ("status", "grade", "graded_on")
    fields = (
        "code",
        ("title_zh", "title_en"),
        ("status", "grade", "graded_on"),
        "categories",
        ("moq", "lead_days", "ships_within_hours"),
        "payment_term_days",
        ("payee_name", "payee_bank", "payee_account"),
        "tax_number",
        "note",
    )
    masked_fields = ("payee_name", "payee_bank", "payee_account", "tax_number")
    mask_permission = CONTACTS
    inlines = (ContactInline, AgreementInline, DocumentInline)
    actions_detail = ("admit", "suspend", "end", "issue_key", "upload_stock")
    offers = {
        Supplier.Status.PENDING: ("admit", "end", "issue_key", "upload_stock"),
        Supplier.Status.ACTIVE: ("suspend", "end", "issue_key", "upload_stock"),
        Supplier.Status.SUSPENDED: ("admit", "end"),
    }
    ordering = ("code",)

    def get_inlines(self, request: HttpRequest, obj: Supplier | None) -> Any:
        """A new one has no papers yet."""
        return self.inlines if obj else (ContactInline,)

    def has_move_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("inventory.move_supplier")

    def has_sync_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("inventory.add_suppliersync")

    @display(
        description=_("status"),
        ordering="status",
        label={"pending": "info", "active": "success", "suspended": "warning", "ended": "danger"},
    )
    def state(self, supplier: Supplier) -> tuple[str, str]:
        return supplier.status, supplier.get_status_display()

    @display(
        description=_("grade"),
        ordering="grade",
        label={"A": "success", "B": "info", "C": "danger"},
    )
    def level(self, supplier: Supplier) -> str:
        return supplier.grade or "-"

    def save_model(self, request: HttpRequest, obj: Supplier, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        services.save_supplier(supplier=obj, changed=form.changed_data, **deed_of(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Contacts too."""
        formset.save(commit=False)
        for contact in formset.deleted_objects:
            services.drop_supplier_contact(contact=contact, **deed_of(request))
        changed = [(row, names) for row, names in formset.changed_objects]
        new = [(row, ["name", "duty", "phone", "email"]) for row in formset.new_objects]
        for contact, names in changed + new:
            services.save_supplier_contact(contact=contact, changed=names, **deed_of(request))

    @action(description=_("Admit"), permissions=["move"], icon="handshake")
    def admit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """From now on it may be ordered from."""
        return self._move(request, object_id, Supplier.Status.ACTIVE, _("Admit"))

    @action(description=_("Suspend"), permissions=["move"], icon="pause_circle")
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """No purchase orders, no drop-shipping, until it is admitted again."""
        return self._move(request, object_id, Supplier.Status.SUSPENDED, _("Suspend"))

    @action(description=_("End the work"), permissions=["move"], icon="cancel")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For good."""
        return self._move(request, object_id, Supplier.Status.ENDED, _("End the work"))

    def _move(
        self, request: HttpRequest, object_id: str, to: str, button: str | Promise
    ) -> HttpResponse:
        supplier = get_object_or_404(Supplier, pk=object_id)
        deed = partial(services.move_supplier, supplier_id=supplier.pk, to=to, **deed_of(request))
        return self._ask(
            request, supplier, ReasonForm, lambda typed: deed(reason=typed["reason"]), button=button
        )

    @action(description=_("New key of the stock door"), permissions=["move"], icon="key")
    def issue_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The secret is shown once, on the answer to this page."""
        supplier = get_object_or_404(Supplier, pk=object_id)
        if request.method == "POST":
            key, secret = services.issue_supplier_key(supplier_id=supplier.pk, **deed_of(request))
            context = {
                **self.admin_site.each_context(request),
                "opts": self.model._meta,
                "title": supplier.title_zh,
                "key": key,
                "secret": secret,
                "back": reverse("admin:inventory_supplier_change", args=[supplier.pk]),
            }
            return TemplateResponse(request, "admin/supplier_key.html", context)
        return self._ask(request, supplier, forms.Form, lambda _typed: None, button=_("Make a key"))

    @action(description=_("Upload stock figures"), permissions=["sync"], icon="upload_file")
    def upload_stock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A CSV file instead of the stock door: good rows count, bad ones are listed."""
        supplier = get_object_or_404(Supplier, pk=object_id)
        at = clock.now()

        def run(typed: Any) -> None:
            services.sync_supplier_stock(
                supplier=supplier,
                reference=typed["reference"],
                rows=read_stock_file(typed["file"].read()),
                way=SupplierSync.Way.CSV,
                taken_at=at,
                at=at,
                actor=actor_of(request),
            )

        return self._ask(
            request,
            supplier,
            StockFileForm,
            run,
            button=_("Upload"),
            back=reverse("admin:inventory_suppliersync_changelist") + f"?q={supplier.code}",
            initial={"reference": f"csv-{uuid4().hex[:12]}"},
        )

    def _ask(
        self,
        request: HttpRequest,
        supplier: Supplier,
        form_class: type[forms.Form],
        run: Callable[[Any], Any],
        *,
        button: str | Promise,
        back: str = "",
        initial: dict[str, Any] | None = None,
    ) -> HttpResponse:
        page = VerbPage(
            title=supplier.title_zh,
            form_class=form_class,
            run=run,
            done=_("Noted."),
            back=back or reverse("admin:inventory_supplier_change", args=[supplier.pk]),
            button=button,
            initial=initial,
            facts=((_("status"), supplier.get_status_display()),),
        )
        return page.answer(request, self)


@admin.register(SupplierAgreement)
class SupplierAgreementAdmin(Kept):
    """What was signed; of several in force the latest rules."""

    form = AgreementForm
    list_display = (
        "number",
        "supplier",
        "starts_on",
        "ends_on",
        "is_active",
        "ships_within_hours",
        "return_freight_bp",
        "dropship_fee_fen",
    )
    list_filter = ("is_active", "supplier")
    list_select_related = ("supplier",)
    search_fields = ("number", "supplier__title_zh", "=supplier__code")
    autocomplete_fields = ("supplier",)
    ordering = ("-starts_on", "-pk")

    def save_model(
        self, request: HttpRequest, obj: SupplierAgreement, form: Any, change: bool
    ) -> None:
        """Write through the verb, which leaves a trail."""
        services.save_agreement(agreement=obj, changed=form.changed_data, **deed_of(request))


@admin.register(SupplierDocument)
class SupplierDocumentAdmin(Kept):
    """Documents, those that run out first in front."""

    form = SupplierDocumentForm
    list_display = ("title", "number", "supplier", "starts_on", "expires_on", "state")
    list_filter = ("alerted", "supplier")
    list_select_related = ("supplier",)
    search_fields = ("title", "number", "supplier__title_zh")
    autocomplete_fields = ("supplier",)

    @display(description=_("state"), label={VALID: "success", SOON: "warning", OVER: "danger"})
    def state(self, row: SupplierDocument) -> Any:
        if row.expires_on is not None and row.expires_on < clock.day_of(clock.now()):
            return OVER
        return SOON if row.alerted == SupplierDocument.Alert.SOON else VALID

    def save_model(
        self, request: HttpRequest, obj: SupplierDocument, form: Any, change: bool
    ) -> None:
        """Write through the verb, which leaves a trail."""
        services.save_supplier_document(document=obj, changed=form.changed_data, **deed_of(request))


@admin.register(SupplierSku)
class SupplierSkuAdmin(Kept):
    """Who sells what to us, at what cost; and the pieces it last said it has."""

    list_display = (
        "code",
        "supplier",
        "cost_fen",
        "moq",
        "lead_days",
        "buffer",
        "least_stock",
        "synced_stock",
        "synced_at",
        "is_active",
    )
    list_filter = ("is_active", "stops_when_low", "supplier")
    list_select_related = ("sku", "supplier")
    search_fields = ("=sku__code", "=supplier_code", "sku__product__title_zh")
    search_help_text = _("SKU code, the supplier's own code or product")
    autocomplete_fields = ("supplier", "sku")
    readonly_fields = ("synced_stock", "synced_at")
    fields = (
        ("supplier", "sku"),
        "supplier_code",
        ("cost_fen", "moq", "lead_days"),
        ("buffer", "least_stock", "stops_when_low"),
        ("synced_stock", "synced_at"),
        "is_active",
    )
    masked_fields = ("cost_fen",)
    mask_permission = "catalog.see_cost"

    @admin.display(description=_("SKU"), ordering="sku__code")
    def code(self, goods: SupplierSku) -> str:
        return goods.sku.code

    def save_model(self, request: HttpRequest, obj: SupplierSku, form: Any, change: bool) -> None:
        """Write through the verb; the shelf follows within a minute."""
        services.save_supplier_goods(goods=obj, changed=form.changed_data, **deed_of(request))


@admin.register(SupplierKey)
class SupplierKeyAdmin(ReadOnlyAdmin):
    """Keys of the stock door: made on the supplier's page, ended here."""

    list_display = ("key_id", "supplier", "made_at", "made_by", "ended_at")
    list_filter = (
        whether(
            "ended_at",
            pgettext_lazy("filter", "key"),
            there=pgettext_lazy("filter", "withdrawn"),
            lacking=pgettext_lazy("filter", "in use"),
        ),
        "supplier",
    )
    list_select_related = ("supplier", "made_by")
    search_fields = ("=key_id", "supplier__title_zh", "=supplier__code")
    fields = ("key_id", "supplier", "made_at", "made_by", "ended_at")
    ordering = ("-pk",)
    actions_detail = ("end",)

    def has_end_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("inventory.move_supplier")

    @action(description=_("End this key"), permissions=["end"], icon="key_off")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Nothing signed with it is taken any more."""
        key = get_object_or_404(SupplierKey, pk=object_id)
        page = VerbPage(
            title=key.key_id,
            form_class=forms.Form,
            run=lambda _typed: services.end_supplier_key(key_id=key.key_id, **deed_of(request)),
            done=_("The key opens nothing any more."),
            back=reverse("admin:inventory_supplierkey_changelist"),
            button=_("End this key"),
        )
        return page.answer(request, self)
