"""Risk: the thresholds, the blacklist, and every judgement of a payment with its reasons."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin, run_verb
from mall.kernel.admin.colours import ColourOf
from orders import services, words
from orders.admin.acting import actor_of
from orders.models import RiskBlock, RiskDecision, RiskPolicy

COLOURS = {
    RiskDecision.Verdict.PASS: "success",
    RiskDecision.Verdict.VERIFY: "info",
    RiskDecision.Verdict.REVIEW: "warning",
    RiskDecision.Verdict.BLOCK: "danger",
}


@admin.register(RiskPolicy)
class RiskPolicyAdmin(MallAdmin):
    """One row."""

    list_display = ("__str__", "is_on", "verify_from", "review_from", "block_from")
    fieldsets = (
        (None, {"fields": ("is_on", ("verify_from", "review_from", "block_from"))}),
        (
            _("Small payments"),
            {"fields": (("small_fen", "small_payments", "small_minutes", "small_score"),)},
        ),
        (
            _("Places and devices"),
            {
                "fields": (
                    "place_score",
                    ("device_members", "ip_members", "shared_days", "shared_score"),
                )
            },
        ),
        (_("Coupons"), {"fields": (("coupon_members", "coupon_score"),)}),
        (
            _("Bursts and pieces"),
            {
                "fields": (
                    ("burst_orders", "burst_minutes", "burst_score"),
                    ("many_pieces", "many_score"),
                )
            },
        ),
        (_("Unpaid orders"), {"fields": (("most_unpaid_orders", "most_unpaid_pieces"),)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RiskPolicy | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: RiskPolicy, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.save_risk_policy(changes=changes, actor=actor_of(request), at=clock.now())


@admin.register(RiskBlock)
class RiskBlockAdmin(MallAdmin):
    """The blacklist: an entry is written once more to change it."""

    list_display = ("kind", "shown_key", "scope", "reason", "until", "created_by", "created_at")
    list_filter = ("kind", "scope")
    list_select_related = ("created_by",)
    search_fields = ("=key", "reason")
    ordering = ("-created_at", "-pk")
    fields = ("kind", "key", "scope", "reason", "until")
    masked_fields = ("key",)
    mask_permission = "members.see_phone"

    @admin.display(description=_("key"))
    def shown_key(self, entry: RiskBlock) -> str:
        """Phones as they are shown anywhere, digests short."""
        if entry.kind == RiskBlock.Kind.PHONE:
            return f"{entry.key[:3]}****{entry.key[-4:]}"
        return entry.key[:12]

    def has_change_permission(self, request: HttpRequest, obj: RiskBlock | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: RiskBlock, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in self.fields}
        entry = services.block(**values, actor=actor_of(request), at=clock.now())
        obj.pk = entry.pk

    def delete_model(self, request: HttpRequest, obj: RiskBlock) -> None:
        services.unblock(entry=obj, actor=actor_of(request), at=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[RiskBlock]) -> None:
        for entry in queryset:
            self.delete_model(request, entry)


@admin.register(RiskDecision)
class RiskDecisionAdmin(ReadOnlyAdmin):
    """The risk list. What is to be looked at waits in the order checks once it is paid."""

    list_display = ("at", "order", "member", "state", "score", "why", "is_proved", "outside")
    list_filter = ("verdict", "outside", "is_proved", ("at", RangeDateFilter))
    list_filter_submit = True
    list_select_related = ("order", "member")
    search_fields = ("=order__number", "=device", "=ip", "=address")
    search_help_text = _("Order number, device, network address or doorstep")
    ordering = ("-at", "-pk")
    fields = (
        "at",
        "order",
        "member",
        "state",
        "score",
        "why",
        "is_proved",
        "outside",
        "device",
        "ip",
        "address",
        "used_coupon",
    )
    readonly_fields = fields
    actions = ("block_devices", "block_members")

    @display(
        description=_("verdict"),
        ordering="verdict",
        label=ColourOf.choices(COLOURS),
    )
    def state(self, decision: RiskDecision) -> str:
        return str(decision.get_verdict_display())

    @admin.display(description=_("reasons"))
    def why(self, decision: RiskDecision) -> SafeString | str:
        rows = [(words.risk_reason(reason),) for reason in decision.reasons]
        return format_html_join("\n", "<p>{}</p>", rows) if rows else "—"

    def has_block_permission(self, request: HttpRequest) -> bool:
        """Needed by the two actions."""
        return bool(request.user.has_perm("orders.add_riskblock"))

    @admin.action(description=_("Put the devices on the blacklist"), permissions=["block"])
    def block_devices(self, request: HttpRequest, decisions: QuerySet[RiskDecision]) -> None:
        for decision in decisions.exclude(device=""):
            self._block(request, RiskBlock.Kind.DEVICE, decision.device, decision)

    @admin.action(description=_("Put the members on the blacklist"), permissions=["block"])
    def block_members(self, request: HttpRequest, decisions: QuerySet[RiskDecision]) -> None:
        for decision in decisions:
            self._block(request, RiskBlock.Kind.MEMBER, str(decision.member_id), decision)

    def _block(self, request: HttpRequest, kind: str, key: str, decision: RiskDecision) -> None:
        reason = "; ".join(words.risk_reason(one) for one in decision.reasons)[:200]
        verb = partial(
            services.block,
            kind=kind,
            key=key,
            reason=reason or str(decision.order),
            scope=RiskBlock.Scope.ALL,
            actor=actor_of(request),
            at=clock.now(),
        )
        run_verb(request, verb, _("%(key)s is on the blacklist.") % {"key": key[:12]})
