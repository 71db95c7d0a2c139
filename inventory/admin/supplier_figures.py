"""How suppliers do: cards, facts, alerts, stock messages, rules. Source: I-26..I-28, I-32."""

from typing import Any

from django.contrib import admin
from django.db.models import Value
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display

from inventory import services
from inventory.admin.alert import StateFilter
from inventory.admin.supplier import Kept, deed_of
from inventory.models import (
    SupplierAlert,
    SupplierFact,
    SupplierPolicy,
    SupplierScorecard,
    SupplierSync,
)
from inventory.selectors import supplier_policy
from mall.kernel.admin import ReadOnlyAdmin

RED, GREEN = "danger", "success"
REFUSED = {
    "unknown": pgettext_lazy("stock row", "goods this supplier does not have"),
    "bundle": pgettext_lazy("stock row", "a bundle: its parts have stock, it has none"),
    "pieces": pgettext_lazy("stock row", "no number of pieces"),
    "twice": pgettext_lazy("stock row", "named twice"),
    "older": pgettext_lazy("stock row", "older than what we have"),
}
COLOURS = {"red": RED, "green": GREEN, "none": "info"}


def percent(rate_bp: int | None) -> str:
    """A rate with two decimals, cut, never rounded up."""
    return "-" if rate_bp is None else f"{rate_bp // 100}.{rate_bp % 100:02d}%"


def rate(rate_bp: int | None, target_bp: int) -> tuple[str, str]:
    """The colour and text of a rate: red under its target."""
    if rate_bp is None:
        return "none", "-"
    return ("red" if rate_bp < target_bp else "green"), percent(rate_bp)


@admin.register(SupplierScorecard)
class SupplierScorecardAdmin(ReadOnlyAdmin):
    """One card a supplier and month; what is under its target is red."""

    list_display = (
        "month_in_digits",
        "supplier",
        "score",
        "grade",
        "fulfilment",
        "quality",
        "response",
        "shipped",
        "inspected",
        "answered",
        "computed_at",
    )
    list_filter = ("grade", "month", "supplier")
    list_select_related = ("supplier",)
    search_fields = ("supplier__title_zh", "=supplier__code")
    ordering = ("-month", "-score", "pk")
    readonly_fields = ("month_in_digits", "in_time", "passed", "responded")
    fields = (
        "month_in_digits",
        "supplier",
        ("score", "grade"),
        ("in_time", "shipped"),
        ("passed", "inspected"),
        ("responded", "answered"),
        "computed_at",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Each card with the targets of today, read once a page."""
        policy = supplier_policy()
        return (
            super()
            .get_queryset(request)
            .annotate(
                fulfilment_target=Value(policy.fulfilment_target_bp),
                quality_target=Value(policy.quality_target_bp),
                response_target=Value(policy.response_target_bp),
            )
        )

    @admin.display(description=_("month"), ordering="month")
    def month_in_digits(self, row: SupplierScorecard) -> str:
        return f"{row.month:%Y-%m}"

    @display(description=_("shipped in time"), ordering="fulfilment_bp", label=COLOURS)
    def fulfilment(self, row: Any) -> tuple[str, str]:
        return rate(row.fulfilment_bp, row.fulfilment_target)

    @display(description=_("passed inspection"), ordering="quality_bp", label=COLOURS)
    def quality(self, row: Any) -> tuple[str, str]:
        return rate(row.quality_bp, row.quality_target)

    @display(description=_("answered in time"), ordering="response_bp", label=COLOURS)
    def response(self, row: Any) -> tuple[str, str]:
        return rate(row.response_bp, row.response_target)

    @admin.display(description=_("shipped in time"))
    def in_time(self, row: Any) -> str:
        return percent(row.fulfilment_bp)

    @admin.display(description=_("passed inspection"))
    def passed(self, row: Any) -> str:
        return percent(row.quality_bp)

    @admin.display(description=_("answered in time"))
    def responded(self, row: Any) -> str:
        return percent(row.response_bp)


@admin.register(SupplierFact)
class SupplierFactAdmin(ReadOnlyAdmin):
    """What cards are computed from."""

    list_display = ("at", "supplier", "kind", "reference", "good", "total", "minutes")
    list_filter = ("kind", "supplier")
    list_select_related = ("supplier",)
    search_fields = ("=reference", "=supplier__code")
    date_hierarchy = "at"
    ordering = ("-pk",)


@admin.register(SupplierAlert)
class SupplierAlertAdmin(ReadOnlyAdmin):
    """What is wrong now; closed by itself when it is right again."""

    list_display = ("raised_at", "supplier", "kind", "code", "figure", "limit", "resolved_at")
    list_filter = (StateFilter, "kind", "supplier")
    list_select_related = ("supplier", "goods__sku")
    search_fields = ("supplier__title_zh", "=supplier__code", "=goods__sku__code")
    ordering = ("-raised_at", "-pk")

    @admin.display(description=_("SKU"))
    def code(self, alert: SupplierAlert) -> str:
        return alert.goods.sku.code if alert.goods else "-"


@admin.register(SupplierSync)
class SupplierSyncAdmin(ReadOnlyAdmin):
    """Every message and file with stock figures; the rows that were refused."""

    list_display = (
        "at",
        "supplier",
        "way",
        "reference",
        "taken_at",
        "accepted",
        "refused_rows",
        "actor",
    )
    list_filter = ("way", "supplier")
    list_select_related = ("supplier", "actor")
    search_fields = ("=reference", "=supplier__code")
    date_hierarchy = "at"
    ordering = ("-pk",)

    readonly_fields = ("refusals",)
    fields = ("at", "supplier", "way", "reference", "taken_at", "accepted", "refusals", "actor")

    @admin.display(description=_("rows refused"))
    def refusals(self, sync: SupplierSync) -> str:
        """One line a row: where it stands, what it names, why not."""
        return "\n".join(
            f"{row['row']}: {row['code']} · {REFUSED.get(row['reason'], row['reason'])}"
            for row in sync.refused
        )

    @admin.display(description=_("rows refused"))
    def refused_rows(self, sync: SupplierSync) -> int:
        return len(sync.refused)


@admin.register(SupplierPolicy)
class SupplierPolicyAdmin(Kept):
    """One row."""

    list_display = ("__str__", "grade_a_from", "grade_b_from", "approval_limit_fen")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: SupplierPolicy, form: Any, change: bool
    ) -> None:
        """Write through the verb, which leaves a trail."""
        services.save_supplier_policy(policy=obj, changed=form.changed_data, **deed_of(request))
