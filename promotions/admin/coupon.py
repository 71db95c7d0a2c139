"""Coupons: templates with their progress, members' copies to look at, and the way to a segment."""

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

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin, actor_of, run_verb
from mall.kernel.money import FULL_RATE_BP
from mall.kernel.words import rate_text, short_yuan
from promotions import services
from promotions.admin.campaign import STATUS_COLOURS
from promotions.admin.confirming import confirmed
from promotions.admin.fields import RateFormField, ScopeForm
from promotions.models import Coupon, CouponGrant
from promotions.services import CouponValues
from promotions.words import scope_text

PLAIN = (
    "code", "title_zh", "title_en", "kind", "threshold_fen", "off_fen", "cap_fen",
    "total", "per_member", "valid_days", "starts_at", "ends_at", "exclusive_group",
    "is_claimable", "scope_kind",
)  # fmt: skip


class CouponForm(ScopeForm):
    """One coupon template."""

    rate = RateFormField(label=_("rate, %"), help_text=_("85: of each ¥100 the buyer pays ¥85."))

    class Meta:
        model = Coupon
        fields = (*PLAIN, "scope_text_zh", "scope_text_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("threshold_fen", "off_fen"):
            self.fields[name].required = False
        if self.instance.rate_bp < FULL_RATE_BP:
            self.initial["rate"] = self.instance.rate_bp

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("threshold_fen", "off_fen"):
            cleaned[name] = cleaned.get(name) or 0
        cleaned["scope_ids"] = self.scope_ids()
        if cleaned.get("kind") == Coupon.Kind.RATE and not cleaned.get("rate"):
            self.add_error("rate", _("A rate is needed."))
        if cleaned.get("kind") == Coupon.Kind.AMOUNT and not cleaned["off_fen"]:
            self.add_error("off_fen", _("An amount is needed."))
        return cleaned

    def values(self) -> CouponValues:
        """What the verb takes."""
        return CouponValues(
            **{name: self.cleaned_data[name] for name in PLAIN},
            rate_bp=self.cleaned_data.get("rate") or FULL_RATE_BP,
            scope_ids=tuple(self.cleaned_data["scope_ids"]),
            scope_text_zh=self.scope_text("zh"),
            scope_text_en=self.scope_text("en"),
        )


@admin.register(Coupon)
class CouponAdmin(MallAdmin):
    """Made as a draft, published, sent; copies given stay good whatever becomes of it."""

    form = CouponForm
    list_display = (
        "title_zh",
        "code",
        "face",
        "covers",
        "progress",
        "starts_at",
        "ends_at",
        "state",
    )
    list_filter = ("status", "kind", "is_claimable")
    search_fields = ("code", "title_zh", "title_en")
    search_help_text = _("code or title")
    ordering = ("-pk",)
    actions = ("publish_selected", "pause_selected")
    actions_detail = ("publish", "pause", "send")
    fieldsets = (
        (None, {"fields": ("code", ("title_zh", "title_en"), "kind")}),
        (_("Worth"), {"fields": (("threshold_fen", "off_fen"), ("rate", "cap_fen"))}),
        (
            _("Given out"),
            {
                "fields": (
                    ("total", "per_member"),
                    "starts_at",
                    "ends_at",
                    ("valid_days", "exclusive_group"),
                    "is_claimable",
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
        "cap_fen": "kind != 'amount'",
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
            ),
            back=reverse("admin:promotions_coupon_change", args=[coupon.pk]),
        )


@admin.register(CouponGrant)
class CouponGrantAdmin(ReadOnlyAdmin):
    """Who has which coupon, and what became of it."""

    list_display = (
        "code",
        "coupon",
        "member",
        "state",
        "ends_at",
        "order_number",
        "source_type",
        "granted_at",
    )
    list_filter = ("state", "source_type", ("coupon", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("coupon", "member")
    search_fields = ("=code", "=order_number", "member__nickname")
    search_help_text = _("code, order number or nickname")
    ordering = ("-pk",)


def face_of(coupon: Coupon) -> str:
    """What is printed on it: ¥10 off ¥99, 15% off, free freight."""
    if coupon.kind == Coupon.Kind.AMOUNT:
        worth = f"−¥{short_yuan(coupon.off_fen)}"
    elif coupon.kind == Coupon.Kind.RATE:
        worth = rate_text(coupon.rate_bp)
    else:
        worth = str(coupon.get_kind_display())
    if coupon.cap_fen:
        worth = f"{worth} ≤ ¥{short_yuan(coupon.cap_fen)}"
    return f"{worth} / ¥{short_yuan(coupon.threshold_fen)}+" if coupon.threshold_fen else worth


def worst_case(coupon: Coupon) -> str:
    """What all pieces together may cost the shop; - where nothing bounds it."""
    each_fen = coupon.off_fen if coupon.kind == Coupon.Kind.AMOUNT else coupon.cap_fen
    return f"¥{short_yuan(each_fen * coupon.total)}" if each_fen else "-"
