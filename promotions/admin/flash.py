"""Flash sales while they run: pieces set aside, sold and left, and who wants to be reminded.

They are written as campaigns; here an operator sees why one is not live yet (I-12, P-19).
"""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from mall.kernel.admin import ReadOnlyAdmin
from promotions.models import ActivityItem, FlashReminder, StockLock

STATES = {"asked": "warning", "locked": "success", "refused": "danger", "freed": "info"}


@admin.register(StockLock)
class StockLockAdmin(ReadOnlyAdmin):
    """One row a flash sale, from its approval on."""

    list_display = (
        "sale", "starts_at", "ends_at", "condition", "quota", "taken", "left", "reminders",
        "reason",
    )  # fmt: skip
    list_filter = ("state",)
    list_select_related = ("campaign",)
    search_fields = ("campaign__title_zh", "campaign__title_en")
    search_help_text = _("campaign title")
    ordering = ("-asked_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockLock]:
        goods = ActivityItem.objects.filter(campaign=OuterRef("campaign")).order_by()
        asked = FlashReminder.objects.filter(campaign=OuterRef("campaign")).order_by()
        sums = goods.values("campaign")
        counts = asked.values("campaign").annotate(n=Count("pk")).values("n")
        return (
            super()
            .get_queryset(request)
            .annotate(
                pieces=Subquery(sums.annotate(n=Sum("quota")).values("n")),
                sold=Subquery(sums.annotate(n=Sum("taken")).values("n")),
                wishes=Subquery(counts),
            )
        )

    @admin.display(description=_("flash sale"), ordering="campaign__title_zh")
    def sale(self, lock: StockLock) -> str:
        return str(lock.campaign)

    @admin.display(description=_("starts at"), ordering="campaign__starts_at")
    def starts_at(self, lock: StockLock) -> Any:
        return lock.campaign.starts_at

    @admin.display(description=_("ends at"), ordering="campaign__ends_at")
    def ends_at(self, lock: StockLock) -> Any:
        return lock.campaign.ends_at

    @display(description=_("pieces"), label=STATES, ordering="state")
    def condition(self, lock: StockLock) -> tuple[str, str]:
        return lock.state, lock.get_state_display()

    @admin.display(description=_("quota"))
    def quota(self, lock: Any) -> int:
        return lock.pieces or 0

    @admin.display(description=_("taken"))
    def taken(self, lock: Any) -> int:
        return lock.sold or 0

    @admin.display(description=_("left"))
    def left(self, lock: Any) -> int:
        return self.quota(lock) - self.taken(lock)

    @admin.display(description=_("reminders"))
    def reminders(self, lock: Any) -> int:
        return lock.wishes or 0
