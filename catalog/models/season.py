"""When goods are wanted, and what goes with them. Source: requirements C-24, C-25."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.words import localized

MONTH_AND_DAY = RegexValidator(
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z", _("A month and a day, such as 06-01.")
)


MONTH_DAY = "%m-%d"
"""How the ends of a season's window are written."""


class SeasonTagQuerySet(models.QuerySet["SeasonTag"]):
    def in_season(self, day: date) -> "SeasonTagQuerySet":
        """Tags whose window holds the day; one that ends before it starts goes over new year."""
        return self.holding(day.strftime(MONTH_DAY))

    def holding(self, today: str) -> "SeasonTagQuerySet":
        """The same of a day as MONTH_DAY writes it."""
        begun, lasts = Q(starts_on__lte=today), Q(ends_on__gt=today)
        inside = Q(starts_on__lt=F("ends_on")) & begun & lasts
        over_new_year = Q(starts_on__gt=F("ends_on")) & (begun | lasts)
        return self.filter(inside | over_new_year, is_active=True)


class SeasonTag(models.Model):
    """A season, festival or occasion that comes back every year, and the goods for it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    starts_on = models.CharField(
        _("from"),
        max_length=5,
        validators=[MONTH_AND_DAY],
        help_text=_("Month and day: 06-01. Every year."),
    )
    ends_on = models.CharField(
        _("until"),
        max_length=5,
        validators=[MONTH_AND_DAY],
        help_text=_("The first day after it: 09-01."),
    )
    products = models.ManyToManyField(
        "catalog.Product", related_name="season_tags", blank=True, verbose_name=_("products")
    )
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)
    is_active = models.BooleanField(pgettext_lazy("switch", "used"), default=True)

    objects = SeasonTagQuerySet.as_manager()

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["sort", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(starts_on=F("ends_on")), name="season_tag_has_a_window"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class RelatedCategory(models.Model):
    """Who looks at goods of the one is shown goods of the other: lipstick -> make-up tools."""

    category = models.ForeignKey(
        "catalog.Category", models.CASCADE, related_name="goes_with", verbose_name=_("category")
    )
    related = models.ForeignKey(
        "catalog.Category", models.CASCADE, related_name="+", verbose_name=_("goes with")
    )
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("related category")
        verbose_name_plural = _("related categories")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "related"], name="related_category_once_per_pair"
            ),
            models.CheckConstraint(
                condition=~Q(category=F("related")), name="related_category_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} -> {self.related_id}"
