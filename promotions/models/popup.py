"""Messages that come up over a page: to whom, where, when, how often. Source: requirement P-62."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PopUpQuerySet(models.QuerySet["PopUp"]):
    def on(self, at: datetime) -> Self:
        """Rules that are active at ``at``."""
        begun = Q(starts_at=None) | Q(starts_at__lte=at)
        return self.filter(begun, Q(ends_at=None) | Q(ends_at__gt=at), is_active=True)


class PopUp(models.Model):
    """A message with a rule. Nothing comes up on entry: after some seconds, or on leaving."""

    class Trigger(models.TextChoices):
        SECONDS = "seconds", _("after seconds on the page")
        EXIT = "exit", _("when the visitor is about to leave")

    class Who(models.TextChoices):
        EVERYBODY = "everybody", _("everybody")
        GUESTS = "guests", _("guests")
        MEMBERS = "members", _("members")
        NEW = "new", _("new members")
        TIERS = "tiers", _("tiers")
        SEGMENT = "segment", _("a segment")

    class Place(models.TextChoices):
        HOME = "home", pgettext_lazy("page", "home")
        LISTING = "listing", pgettext_lazy("page", "lists and search")
        PRODUCT = "product", pgettext_lazy("page", "product")
        CART = "cart", pgettext_lazy("page", "cart")
        TOPIC = "topic", pgettext_lazy("page", "topic")

    name = models.CharField(pgettext_lazy("title", "name"), max_length=60)
    title_zh = models.CharField(_("title (Chinese)"), max_length=30)
    title_en = models.CharField(_("title (English)"), max_length=60, blank=True)
    text_zh = models.CharField(_("text (Chinese)"), max_length=120, blank=True)
    text_en = models.CharField(_("text (English)"), max_length=200, blank=True)
    button_zh = models.CharField(_("button (Chinese)"), max_length=12, blank=True)
    button_en = models.CharField(_("button (English)"), max_length=24, blank=True)
    link = models.CharField(
        _("link"), max_length=200, help_text=_("A path of this shop, such as /category/tea/.")
    )
    media = models.ForeignKey(
        "catalog.Media",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("picture"),
    )
    trigger = models.CharField(
        _("comes up"), max_length=10, choices=Trigger, default=Trigger.SECONDS
    )
    seconds = models.PositiveSmallIntegerField(_("seconds"), default=8)
    places = ArrayField(
        models.CharField(max_length=10, choices=Place),
        verbose_name=_("pages"),
        default=list,
        blank=True,
        help_text=_("None: on all of them."),
    )
    who = models.CharField(_("for"), max_length=10, choices=Who, default=Who.EVERYBODY)
    tier_codes = ArrayField(
        models.CharField(max_length=20), verbose_name=_("tiers"), default=list, blank=True
    )
    segment = models.ForeignKey(
        "members.Segment",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("segment"),
    )
    region_prefixes = ArrayField(
        models.CharField(max_length=12),
        verbose_name=_("regions"),
        default=list,
        blank=True,
        help_text=_("Beginnings of region codes it is limited to; none: everywhere."),
    )
    per_day = models.PositiveSmallIntegerField(
        _("times a day"), default=1, help_text=_("At most, for one member or device.")
    )
    rest_days = models.PositiveSmallIntegerField(
        _("days of rest"),
        default=7,
        help_text=_("Who closed it does not see it again for so many days."),
    )
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)
    is_active = models.BooleanField(_("active"), default=False)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)

    objects = PopUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("pop-up")
        verbose_name_plural = _("pop-ups")
        ordering = ["sort", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(link__startswith="/") & ~Q(link__startswith="//"),
                name="pop_up_link_is_local",
            ),
            models.CheckConstraint(
                condition=Q(per_day__range=(1, 20), seconds__range=(3, 600), rest_days__lte=365),
                name="pop_up_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PopUpSight(models.Model):
    """How often one member or device saw a pop-up on a day, and whether they closed it."""

    popup = models.ForeignKey(
        PopUp, models.CASCADE, related_name="sights", verbose_name=_("pop-up")
    )
    viewer = models.CharField(
        _("viewer"), max_length=70, help_text=_("A member's number or the digest of a device.")
    )
    day = models.DateField(_("day"))
    shown = models.PositiveSmallIntegerField(_("shown"), default=0)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sight of a pop-up")
        verbose_name_plural = _("sights of pop-ups")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["popup", "viewer", "day"], name="pop_up_sight_once"),
        ]
        indexes = [
            models.Index(fields=["viewer", "-day"], name="pop_up_sight_viewer"),
            BrinIndex(fields=["day"], name="pop_up_sight_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.popup_id}: {self.day}"
