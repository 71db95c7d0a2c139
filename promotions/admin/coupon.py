"""Coupon templates with their progress, and the way to a segment, a batch of codes, a report."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from catalog.presenting import findings_table
from mall.kernel import clock
from mall.kernel.admin import VersionedAdmin, actor_of, run_verb
from promotions import services
from promotions.admin.confirming import confirmed
from promotions.admin.coupon_faces import budget_of, face_of, worst_case
from promotions.admin.coupon_form import CouponForm
from promotions.admin.fields import ScopeForm
from promotions.models import Coupon
from promotions.words import scope_text

STATUS_COLOURS = {"draft": "info", "live": "success", "paused": "warning"}


@admin.register(Coupon)
class CouponAdmin(VersionedAdmin):
    """Made as a draft, published, sent; copies given stay good whatever becomes of it."""

    form = CouponForm
    list_display = (
        "title_zh",
        "code",
        "face",
        "covers",
        "progress",
        "budget",
        "starts_at",
        "ends_at",
        "state",
    )
    list_filter = ("status", "kind", "is_claimable", "is_first_order")
    autocomplete_fields = ("exchange_sku",)
    search_fields = ("code", "title_zh", "title_en")
    search_help_text = _("code or title")
    ordering = ("-pk",)
    actions = ("publish_selected", "pause_selected")
    actions_detail = ("publish", "pause", "send", "codes")
    fieldsets = (
        (None, {"fields": ("code", ("title_zh", "title_en"), "kind")}),
        (
            _("Worth"),
            {
                "fields": (
                    ("threshold_fen", "off_fen"),
                    ("rate", "cap_fen"),
                    ("exchange_sku", "exchange_price_fen"),
                    "budget_fen",
                )
            },
        ),
        (
            _("Given out"),
            {
                "fields": (
                    ("total", "per_member"),
                    "starts_at",
                    "ends_at",
                    ("valid_days", "valid_minutes"),
                    "exclusive_group",
                    "is_claimable",
                    ("returns_on_cancel", "returns_on_refund"),
                )
            },
        ),
        (
            _("For whom"),
            {
                "fields": (
                    "is_first_order",
                    "tiers",
                    "regions",
                    "live_session",
                    ("near_latitude", "near_longitude", "near_metres"),
                )
            },
        ),
        (
            _("Covers"),
            {
                "fields": (
                    "scope_kind",
                    "categories",
                    "brands",
                    "product_codes",
                    ("scope_text_zh", "scope_text_en"),
                )
            },
        ),
    )
    conditional_fields = {
        "off_fen": "kind == 'amount'",
        "rate": "kind == 'rate'",
        "cap_fen": "kind == 'rate' || kind == 'free_freight'",
        "exchange_sku": "kind == 'exchange'",
        "exchange_price_fen": "kind == 'exchange'",
        **ScopeForm.scope_conditions,
    }

    def has_delete_permission(self, request: HttpRequest, obj: Coupon | None = None) -> bool:
        return False

    @admin.display(description=_("worth"))
    def face(self, coupon: Coupon) -> str:
        return face_of(coupon)

    @admin.display(description=_("covers"))
    def covers(self, coupon: Coupon) -> str:
        return scope_text(coupon)

    @admin.display(description=_("given out"), ordering="issued")
    def progress(self, coupon: Coupon) -> str:
        percent = coupon.issued * 100 // coupon.total
        return f"{coupon.issued} / {coupon.total} ({percent} %)"

    @admin.display(description=_("budget"), ordering="spent_fen")
    def budget(self, coupon: Coupon) -> str:
        return budget_of(coupon)

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def state(self, coupon: Coupon) -> tuple[str, str]:
        return coupon.status, coupon.get_status_display()

    def save_model(self, request: HttpRequest, obj: Coupon, form: Any, change: bool) -> None:
        """Write through the verb, which checks and leaves a trail."""
        saved = services.save_coupon(
            values=form.values(),
            coupon_id=obj.pk,
            actor=actor_of(request),
            at=clock.now(),
        )
        obj.pk = saved.pk

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish_selected(self, request: HttpRequest, rows: QuerySet[Coupon]) -> None:
        self._turn(request, rows, services.publish_coupon, _("%(title)s is live."))

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause_selected(self, request: HttpRequest, rows: QuerySet[Coupon]) -> None:
        self._turn(request, rows, services.pause_coupon, _("%(title)s is paused."))

    @action(description=_("Publish"), permissions=["change"], icon="play_arrow")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Look once more, then let members have it."""
        return self._ask(request, object_id, services.publish_coupon, _("Publish"))

    @action(description=_("Pause"), permissions=["change"], icon="pause")
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give out no more."""
        return self._ask(request, object_id, services.pause_coupon, _("Pause"))

    @action(
        description=_("Send to a segment"),
        permissions=["dispatch"],
        icon="send",
    )
    def send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the page of dispatches, with this coupon chosen."""
        url = reverse("admin:promotions_coupondispatch_send")
        return HttpResponseRedirect(f"{url}?coupon={int(object_id)}")

    @action(
        description=_("Order codes"),
        permissions=["codes"],
        icon="password",
    )
    def codes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the page of code batches, with this coupon chosen."""
        url = reverse("admin:promotions_codebatch_order")
        return HttpResponseRedirect(f"{url}?coupon={int(object_id)}")

    def has_codes_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may order codes."""
        return request.user.has_perm("promotions.add_codebatch")

    def has_dispatch_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may send coupons; a method, since unfold asks the database for a codename."""
        return request.user.has_perm("promotions.add_coupondispatch")

    def _turn(self, request: HttpRequest, rows: QuerySet[Coupon], verb: Any, done: Promise) -> None:
        for coupon in rows:
            deed = partial(verb, coupon_id=coupon.pk, actor=actor_of(request), at=clock.now())
            run_verb(request, deed, done % {"title": coupon.title_zh})

    def _ask(
        self, request: HttpRequest, object_id: str, verb: Any, button: Promise
    ) -> HttpResponse:
        coupon = get_object_or_404(Coupon, pk=object_id)
        return confirmed(
            request,
            self,
            deed=partial(verb, coupon_id=coupon.pk, actor=actor_of(request), at=clock.now()),
            words=(f"{coupon.title_zh} · {button}", button, _("Done.")),
            facts=(
                (_("worth"), face_of(coupon)),
                (_("covers"), scope_text(coupon)),
                (pgettext_lazy("coupon", "pieces"), coupon.total),
                (_("worst case"), worst_case(coupon)),
                (_("status"), coupon.get_status_display()),
                (_("words found"), findings_table(services.word_findings(coupon))),
            ),
            back=reverse("admin:promotions_coupon_change", args=[coupon.pk]),
        )
