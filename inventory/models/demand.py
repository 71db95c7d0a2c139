"""What sells per stock row, computed once a day, and the numbers the sums start from.

Source: requirements I-04, I-05, I-07, I-37, I-49.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RestockPolicy(models.Model):
    """The shop's own numbers of restocking: one row."""

    minimum_order = models.PositiveIntegerField(
        _("smallest order"), default=300, help_text=_("Pieces, unless the supplier says otherwise.")
    )
    lead_days = models.PositiveSmallIntegerField(
        _("lead time"), default=7, help_text=_("Days, unless the supplier says otherwise.")
    )
    service_z_hundredths = models.PositiveSmallIntegerField(
        _("service factor"),
        default=165,
        help_text=_("Hundredths of a standard deviation: 165 keeps 95 of 100 promises."),
    )
    demand_days = models.PositiveSmallIntegerField(
        _("days looked back"), default=28, help_text=_("Sales of these days make the mean.")
    )
    cover_days = models.PositiveSmallIntegerField(
        _("days covered by an order"), default=30, help_text=_("Beyond the lead time.")
    )
    overstock_days = models.PositiveSmallIntegerField(
        _("too much from"), default=90, help_text=_("Days that the stock will last.")
    )
    rise_percent = models.PositiveSmallIntegerField(
        _("sharp rise from"), default=200, help_text=_("Percent of the mean of the 7 days before.")
    )
    rise_floor_pieces = models.PositiveSmallIntegerField(
        _("smallest rise"), default=5, help_text=_("Fewer pieces a day are no rise.")
    )

    class Meta:
        verbose_name = _("rules of restocking")
        verbose_name_plural = _("rules of restocking")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="restock_policy_one_row"),
            models.CheckConstraint(
                condition=Q(demand_days__gte=7, demand_days__lte=365, lead_days__gte=1),
                name="restock_policy_in_range",
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules of restocking"))


class StockForecast(models.Model):
    """What one stock row sells, by the ledger of the days before ``computed_on``."""

    item = models.OneToOneField(
        "inventory.StockItem",
        models.CASCADE,
        primary_key=True,
        related_name="forecast",
        verbose_name=_("stock"),
    )
    mean_hundredths = models.PositiveIntegerField(
        _("sold a day"), default=0, help_text=_("Hundredths of a piece.")
    )
    deviation_hundredths = models.PositiveIntegerField(
        _("standard deviation"), default=0, help_text=_("Hundredths of a piece.")
    )
    yesterday = models.PositiveIntegerField(_("sold on the last day"), default=0)
    week_hundredths = models.PositiveIntegerField(
        _("sold a day in the week before"), default=0, help_text=_("Hundredths of a piece.")
    )
    is_rising = models.BooleanField(_("rising sharply"), default=False)
    is_hit = models.BooleanField(
        _("marked as a hit"), default=False, help_text=_("By an operator; kept until taken away.")
    )
    overstocked_since = models.DateTimeField(_("too much since"), null=True, blank=True)
    computed_on = models.DateField(pgettext_lazy("forecast", "computed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("sales forecast")
        verbose_name_plural = _("sales forecasts")
        permissions = [("mark_hits", _("Marks goods as hits"))]
        indexes = [
            models.Index(
                fields=["overstocked_since"],
                name="stock_forecast_over",
                condition=Q(overstocked_since__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.mean_hundredths / 100:.2f}"
