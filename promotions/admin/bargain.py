"""Members' bargains, to look at: how far each is cut, and by whom."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, ReadOnlyInline
from mall.kernel.money import yuan
from promotions.admin.filters import ActivityFilter
from promotions.models import BargainHelp, BargainStart, Campaign

COLOURS = {"cutting": "info", "ordered": "warning", "bought": "success", "over": "default"}


class BargainHelpInline(ReadOnlyInline):
    """Each friend's cut."""

    model = BargainHelp
    fields = ("position", "helper", "cut_fen", "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BargainHelp]:
        return super().get_queryset(request).select_related("helper")


class BargainFilter(ActivityFilter):
    """By the activity that a bargain belongs to."""

    kind = Campaign.Kind.BARGAIN


@admin.register(BargainStart)
class BargainStartAdmin(ReadOnlyAdmin):
    """Chance cuts the prices, nobody else."""

    list_display = (
        "number", "campaign", "sku", "member", "price", "helped", "stage", "started_at", "ends_at",
    )  # fmt: skip
    list_filter = ("state", BargainFilter)
    list_select_related = ("item__campaign", "item__sku", "member")
    search_fields = ("=number", "member__nickname")
    search_help_text = _("number or nickname")
    date_hierarchy = "started_at"
    ordering = ("-pk",)
    inlines = (BargainHelpInline,)

    @admin.display(description=_("activity"), ordering="item__campaign")
    def campaign(self, start: BargainStart) -> str:
        return str(start.item.campaign)

    @admin.display(description=_("SKU"))
    def sku(self, start: BargainStart) -> str:
        return start.item.sku.code

    @admin.display(description=_("price now / lowest"))
    def price(self, start: BargainStart) -> str:
        return f"{yuan(start.price_fen)} / {yuan(start.floor_fen)}"

    @admin.display(description=_("helps"), ordering="helps")
    def helped(self, start: BargainStart) -> str:
        return f"{start.helps} / {start.most_helps}"

    @display(description=_("state"), label=COLOURS, ordering="state")
    def stage(self, start: BargainStart) -> tuple[str, str]:
        state = BargainStart.State(start.state_at(clock.now()))
        return state.value, str(state.label)
