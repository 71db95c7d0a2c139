"""Teams of group buys, to look at: who is in, who has paid, how they ended."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, ReadOnlyInline
from promotions.admin.filters import ActivityFilter
from promotions.models import Campaign, Team, TeamSeat

COLOURS = {"open": "info", "succeeded": "success", "failed": "danger"}


class TeamSeatInline(ReadOnlyInline):
    """Who is in, with the order that holds the seat."""

    model = TeamSeat
    fields = ("member", "order", "taken_at", "paid_at")
    readonly_fields = ("order",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamSeat]:
        return super().get_queryset(request).select_related("member", "hold")

    @admin.display(description=_("order"))
    def order(self, seat: TeamSeat) -> str:
        return seat.hold.order_number


class GroupFilter(ActivityFilter):
    """By the group buy that a team belongs to."""

    kind = Campaign.Kind.GROUP


@admin.register(Team)
class TeamAdmin(ReadOnlyAdmin):
    """Teams end by their last payment or by the clock, never by hand."""

    list_display = (
        "number", "campaign", "sku", "opener", "seats", "stage", "opened_at", "ends_at",
    )  # fmt: skip
    list_filter = ("state", GroupFilter)
    list_select_related = ("item__campaign", "item__sku", "opener")
    search_fields = ("=number", "opener__nickname", "=seats__hold__order_number")
    search_help_text = _("number, order number or the opener's nickname")
    date_hierarchy = "opened_at"
    ordering = ("-pk",)
    inlines = (TeamSeatInline,)

    @admin.display(description=_("group buy"), ordering="item__campaign")
    def campaign(self, team: Team) -> str:
        return str(team.item.campaign)

    @admin.display(description=_("SKU"))
    def sku(self, team: Team) -> str:
        return team.item.sku.code

    @admin.display(description=_("paid / taken / size"))
    def seats(self, team: Team) -> str:
        return f"{team.seats_paid} / {team.seats_taken} / {team.size}"

    @display(description=_("state"), label=COLOURS, ordering="state")
    def stage(self, team: Team) -> tuple[str, str]:
        state = Team.State(team.state_at(clock.now()))
        return state.value, str(state.label)
