"""Pages that advertisements lead to, and who came. Source: requirement X-13."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LandingPage(models.Model):
    """Where an advertisement leads: /l/<slug>/, one or more pages told apart by a test."""

    slug = models.SlugField(pgettext_lazy("URL", "address"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=60)
    is_active = models.BooleanField(_("active"), default=True)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class LandingVariant(models.Model):
    """One of the pages that a landing page shows, to its share of the visitors."""

    landing = models.ForeignKey(
        LandingPage, models.CASCADE, related_name="variants", verbose_name=_("landing page")
    )
    page = models.ForeignKey(
        "promotions.ContentPage", models.PROTECT, related_name="+", verbose_name=_("content page")
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, help_text=_("2 is shown twice as often as 1; 0 to nobody.")
    )

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["landing", "page"], name="landing_variant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.landing_id}: {self.page_id}"


class LandingVisit(models.Model):
    """One visitor of a landing page, by the channel of the link; who they became later."""

    landing = models.ForeignKey(
        LandingPage, models.CASCADE, related_name="visits", verbose_name=_("landing page")
    )
    variant = models.ForeignKey(
        LandingVariant,
        models.SET_NULL,
        related_name="visits",
        null=True,
        verbose_name=_("variant"),
    )
    visitor = models.CharField(_("visitor"), max_length=64, help_text=_("Digest of a cookie."))
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    campaign = models.CharField(_("campaign"), max_length=60, blank=True)
    at = models.DateTimeField(_("at"))
    member = models.ForeignKey(
        "members.Member",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("member"),
    )
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("visit of a landing page")
        verbose_name_plural = _("visits of landing pages")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["landing", "visitor"], name="landing_visit_once"),
        ]
        indexes = [
            models.Index(fields=["visitor"], name="landing_visit_visitor"),
            BrinIndex(fields=["at"], name="landing_visit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.landing_id}: {self.channel}"
