"""Lotteries: prizes with weights and quotas, published as odds; what was drawn, prize by prize."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, MallTabularInline, ReadOnlyAdmin, actor_of
from mall.kernel.money import yuan
from promotions import services
from promotions.admin.confirming import confirmed
from promotions.models import Draw, Lottery, Prize
from promotions.selectors import lottery_report, prize_odds
from promotions.services import LotteryValues, PrizeValues

NAMES = tuple(LotteryValues.__dataclass_fields__)
PRIZE_NAMES = ("kind", "title_zh", "title_en", "weight", "quota", "points", "amount_fen")
COLOURS = {"draft": "info", "live": "success", "paused": "warning"}
PPM = 10_000  # millionths in a per cent


class PrizeInline(MallTabularInline):
    """One row a prize; exactly one of them is the blank."""

    model = Prize
    fields = ("position", *PRIZE_NAMES[:5], "coupon", *PRIZE_NAMES[5:], "awarded")
    readonly_fields = ("awarded",)
    autocomplete_fields = ("coupon",)


@admin.register(Lottery)
class LotteryAdmin(MallAdmin):
    """Changed while it is a draft or paused; a running draw keeps the odds it has published."""

    inlines = (PrizeInline,)
    list_display = (
        "title_zh",
        "starts_at",
        "ends_at",
        "cost_points",
        "draws_a_day",
        "version",
        "stage",
    )
    list_filter = ("status",)
    search_fields = ("title_zh", "title_en")
    ordering = ("-pk",)
    fields = (("title_zh", "title_en"), "starts_at", "ends_at", ("cost_points", "draws_a_day"))
    actions_detail = ("publish", "pause", "report")

    def has_delete_permission(self, request: HttpRequest, obj: Lottery | None = None) -> bool:
        return False

    def has_turn_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may publish and pause."""
        return request.user.has_perm("promotions.change_lottery")

    def has_report_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may see what was drawn."""
        return request.user.has_perm("promotions.view_lottery")

    @display(description=_("status"), label=COLOURS, ordering="status")
    def stage(self, lottery: Lottery) -> tuple[str, str]:
        return lottery.status, lottery.get_status_display()

    def save_model(self, request: HttpRequest, obj: Lottery, form: Any, change: bool) -> None:
        """Nothing yet: the verb needs the prizes too, see `save_related`."""

    def save_related(
        self, request: HttpRequest, form: Any, formsets: list[Any], change: bool
    ) -> None:
        """Write lottery and prizes by one verb."""
        rows = []
        for formset in formsets:
            rows += [row for row in formset.cleaned_data if row and not row.get("DELETE")]
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        rows.sort(key=lambda row: row["position"])
        saved = services.save_lottery(
            values=LotteryValues(**{name: form.cleaned_data[name] for name in NAMES}),
            prizes=[_prize(row) for row in rows],
            lottery_id=form.instance.pk,
            actor=actor_of(request),
            at=clock.now(),
        )
        form.instance.pk = saved.pk

    @action(description=_("Publish"), permissions=["turn"], icon="play_arrow")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Look at the odds and the worst case once more, then members may draw."""
        return self._ask(request, object_id, services.publish_lottery, _("Publish"))

    @action(description=_("Pause"), permissions=["turn"], icon="pause")
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Nobody draws until it is published again."""
        return self._ask(request, object_id, services.pause_lottery, _("Pause"))

    @action(description=_("Report"), permissions=["report"], icon="monitoring")
    def report(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Prize by prize: odds, pieces, what it cost."""
        lottery = get_object_or_404(Lottery, pk=object_id)
        rows = lottery_report(lottery)
        context = {
            **self.admin_site.each_context(request),
            "title": lottery.title_zh,
            "opts": self.model._meta,
            "rows": rows,
            "draws": sum(row.drawn for row in rows),
            "cost_fen": sum(row.cost_fen for row in rows),
        }
        return TemplateResponse(request, "admin/lottery_report.html", context)

    def _ask(self, request: HttpRequest, object_id: str, verb: Any, button: Any) -> HttpResponse:
        lottery = get_object_or_404(Lottery, pk=object_id)
        return confirmed(
            request,
            self,
            deed=partial(verb, lottery_id=lottery.pk, actor=actor_of(request), at=clock.now()),
            words=(f"{lottery.title_zh} · {button}", button, _("Done.")),
            facts=(
                *(
                    (row.prize.title_zh, f"{row.odds_ppm // PPM}.{row.odds_ppm % PPM:04d} %")
                    for row in prize_odds(lottery)
                ),
                (_("money at most"), f"¥{yuan(worst_case(lottery))}"),
                (_("status"), lottery.get_status_display()),
            ),
            back=reverse("admin:promotions_lottery_change", args=[lottery.pk]),
        )


@admin.register(Draw)
class DrawAdmin(ReadOnlyAdmin):
    """Every draw, in the order it happened."""

    list_display = ("number", "lottery", "member", "prize", "missed", "cost_points", "at")
    list_filter = (("lottery", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("lottery", "member", "prize", "missed")
    search_fields = ("=number", "member__nickname")
    date_hierarchy = "at"
    ordering = ("-pk",)


def worst_case(lottery: Lottery) -> int:
    """What all pieces of money prizes come to. Units: fen. Queries: 1."""
    return sum(prize.amount_fen * (prize.quota or 0) for prize in lottery.prizes.all())


def _prize(row: dict[str, Any]) -> PrizeValues:
    known, coupon = row.get("id"), row.get("coupon")
    return PrizeValues(
        **{name: row[name] for name in PRIZE_NAMES},
        coupon_id=coupon.pk if coupon else None,
        prize_id=known.pk if known else None,
    )
