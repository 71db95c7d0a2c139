"""The queue of products that wait for a person: read what was found, let through, send back."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.admin.acting import actor_of
from catalog.models import ProductApproval, PublishingPolicy
from catalog.presenting import findings_table
from catalog.services import (
    approve_product,
    judge_texts,
    reject_product,
    save_publishing_policy,
)
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin, VerbPage


class ApprovingForm(forms.Form):
    """The texts that were read, by their fingerprint."""

    digest = forms.CharField(widget=forms.HiddenInput())


class RejectingForm(forms.Form):
    """Why a product is sent back."""

    reason = forms.CharField(label=_("reason"), max_length=200, widget=UnfoldAdminTextInputWidget())


@admin.register(ProductApproval)
class ProductApprovalAdmin(ReadOnlyAdmin):
    """What waits first. Each row leads to the product and to the two answers."""

    list_display = ("product", "state", "found", "maker", "asked_at", "checker", "reason")
    list_filter = ("status",)
    list_select_related = ("product", "maker", "checker")
    search_fields = ("product__title_zh", "=product__code")
    fields = (
        "product",
        "status",
        "texts",
        ("maker", "asked_at"),
        ("checker", "checked_at"),
        "reason",
    )
    readonly_fields = ("texts",)
    ordering = ("-asked_at", "-pk")
    actions_detail = ("approve_one", "reject_one")

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("catalog.decide_approval"))

    @display(
        description=_("status"),
        ordering="status",
        label={
            ProductApproval.Status.WAITING.label: "warning",
            ProductApproval.Status.APPROVED.label: "success",
            ProductApproval.Status.REJECTED.label: "danger",
        },
    )
    def state(self, row: ProductApproval) -> str:
        return str(row.get_status_display())

    @admin.display(description=_("found"))
    def found(self, row: ProductApproval) -> str:
        return ", ".join(dict.fromkeys(finding["word"] for finding in row.findings)) or "-"

    @admin.display(description=_("words found now"))
    def texts(self, row: ProductApproval) -> SafeString | str:
        return findings_table(list(judge_texts(row.product).findings))

    @action(description=_("Let through"), permissions=["decide"], icon="task_alt")
    def approve_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Shows the texts in question; refuses when they changed while being read."""
        row = get_object_or_404(ProductApproval.objects.select_related("product"), pk=object_id)
        texts = judge_texts(row.product)
        page = self._page(row, _("The product is on sale."), _("Let through"))
        answer = page(
            form_class=ApprovingForm,
            initial={"digest": texts.digest},
            run=lambda typed: approve_product(
                product=row.product,
                digest=typed["digest"],
                at=clock.now(),
                actor=actor_of(request),
            ),
            facts=((_("words found"), findings_table(list(texts.findings))),),
        )
        return answer.answer(request, self)

    @action(description=_("Reject"), permissions=["decide"], icon="block")
    def reject_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the reason, which the maker is told."""
        row = get_object_or_404(ProductApproval.objects.select_related("product"), pk=object_id)
        page = self._page(row, _("The product is rejected."), _("Reject"))
        answer = page(
            form_class=RejectingForm,
            run=lambda typed: reject_product(
                product=row.product,
                reason=typed["reason"],
                at=clock.now(),
                actor=actor_of(request),
            ),
            facts=((_("words found"), self.found(row)),),
        )
        return answer.answer(request, self)

    def _page(self, row: ProductApproval, done: Any, button: Any) -> Any:
        """A page of this approval that lacks its form and its deed."""
        back = reverse("admin:catalog_productapproval_changelist")
        return partial(VerbPage, title=row.product.title_zh, done=done, button=button, back=back)


@admin.register(PublishingPolicy)
class PublishingPolicyAdmin(MallAdmin):
    """What the shop asks for before goods go on sale; one row that comes with the shop."""

    list_display = ("__str__", "approval", "needs_second_person", "alert_days")
    fieldsets = (
        (None, {"fields": ("approval", "needs_second_person", "alert_days")}),
        (
            _("listing rules"),
            {
                "fields": (
                    "most_empty_bp",
                    ("main_least_seconds", "main_most_seconds"),
                    "detail_most_seconds",
                    ("short_least_seconds", "short_most_seconds"),
                )
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: PublishingPolicy, form: Any, change: bool
    ) -> None:
        """Write through the verb, which leaves a trail."""
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        save_publishing_policy(values=values, at=clock.now(), actor=actor_of(request))
