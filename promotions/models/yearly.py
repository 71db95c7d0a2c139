"""The days of the year that a shop plans for. Source: requirement P-42."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.words import localized


class YearlyEvent(models.Model):
    """A day, or some days, that come back every year or every month.

    A festival of the Chinese calendar has no month: `promotions.calendar` knows its days.
    """

    class Kind(models.TextChoices):
        BIG_SALE = "big_sale", _("big sale")
        ANNIVERSARY = "anniversary", _("brand anniversary")
        SEASON = "season", _("change of season")
        MEMBER_DAY = "member_day", _("member day")
        FESTIVAL = "festival", _("festival")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    month = models.PositiveSmallIntegerField(
        _("month"), null=True, blank=True, help_text=_("Empty: every month.")
    )
    day = models.PositiveSmallIntegerField(_("day"), default=1)
    days = models.PositiveSmallIntegerField(_("number of days"), default=1)
    lunar = models.CharField(
        _("Chinese calendar"),
        max_length=20,
        blank=True,
        default="",
        editable=False,
        help_text=_("The festival whose day moves with the moon."),
    )

    class Meta:
        verbose_name = _("event of the year")
        verbose_name_plural = _("events of the year")
        ordering = ["month", "day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                name="yearly_event_month_in_year",
            ),
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=31, days__gte=1, days__lte=60),
                name="yearly_event_days_in_range",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")
