"""How the shop looks, what it promises, whether it is open. Source: requirements X-03, X-64."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.words import localized

COLOUR = RegexValidator(r"^#[0-9A-Fa-f]{6}\Z", _("A colour such as #1B5646."))


class SiteSettings(models.Model):
    """Name, words, logo, colours and legal lines of the shop; empty ones are the house's own."""

    class Font(models.TextChoices):
        """The letters of texts; figures keep theirs."""

        SANS = "sans", _("sans serif")
        SERIF = "serif", _("serif")
        ROUND = "round", _("rounded")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name_zh = models.CharField(_("name (Chinese)"), max_length=20, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=30, blank=True)
    slogan_zh = models.CharField(_("slogan (Chinese)"), max_length=30, blank=True)
    slogan_en = models.CharField(_("slogan (English)"), max_length=50, blank=True)
    about_zh = models.CharField(_("about the shop (Chinese)"), max_length=120, blank=True)
    about_en = models.CharField(_("about the shop (English)"), max_length=200, blank=True)
    logo = models.ForeignKey(
        "catalog.Media",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("logo"),
    )
    brand_colour = models.CharField(
        _("brand colour"),
        max_length=7,
        blank=True,
        validators=[COLOUR],
        help_text=_("Header, links, what is chosen. Such as #1B5646."),
    )
    action_colour = models.CharField(
        _("action colour"),
        max_length=7,
        blank=True,
        validators=[COLOUR],
        help_text=_("Prices and the one button of a view. Such as #CB3C1D."),
    )
    honey_colour = models.CharField(
        _("honey colour"),
        max_length=7,
        blank=True,
        validators=[COLOUR],
        help_text=_("Rewards and the second button. Such as #F3B949."),
    )
    font = models.CharField(_("letters"), max_length=10, choices=Font, default=Font.SANS)
    icp = models.CharField(_("ICP number"), max_length=60, blank=True)
    licence_text = models.CharField(_("business licence"), max_length=60, blank=True)
    licence_url = models.CharField(
        _("link of the licence"),
        max_length=200,
        blank=True,
        help_text=_("A path of this shop or an address that begins with https://."),
    )
    hotline = models.CharField(_("telephone"), max_length=30, blank=True)
    hours_zh = models.CharField(_("hours (Chinese)"), max_length=40, blank=True)
    hours_en = models.CharField(_("hours (English)"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("brand and legal lines")
        verbose_name_plural = _("brand and legal lines")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="site_settings_one_row"),
            models.CheckConstraint(
                condition=Q(licence_url="")
                | Q(licence_url__startswith="https://")
                | (Q(licence_url__startswith="/") & ~Q(licence_url__startswith="//")),
                name="site_settings_licence_is_link",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class ShopPromise(models.Model):
    """What the shop promises with every product, beside what it works out itself."""

    class Icon(models.TextChoices):
        SHIELD = "shield", _("shield")
        TRUCK = "truck", _("lorry")
        RECEIPT = "receipt", _("receipt")
        REFUND = "refund", _("money back")
        GIFT = "gift", _("gift")
        PHONE = "phone", _("telephone")
        STAR = "star", _("star")

    icon = models.CharField(_("icon"), max_length=10, choices=Icon, default=Icon.SHIELD)
    title_zh = models.CharField(_("title (Chinese)"), max_length=12)
    title_en = models.CharField(_("title (English)"), max_length=30)
    line_zh = models.CharField(
        _("line (Chinese)"), max_length=24, blank=True, help_text=_("How it is kept.")
    )
    line_en = models.CharField(_("line (English)"), max_length=50, blank=True)
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)
    is_active = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("promise of the shop")
        verbose_name_plural = _("promises of the shop")
        ordering = ["sort", "pk"]

    def __str__(self) -> str:
        return localized(self, "title")


class Maintenance(models.Model):
    """The shutter: while it is down shoppers read why, operators and call-backs go on working."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField(
        _("shop closed"), default=False, help_text=_("Shoppers see the message instead of pages.")
    )
    message_zh = models.CharField(_("message (Chinese)"), max_length=120, blank=True)
    message_en = models.CharField(_("message (English)"), max_length=200, blank=True)
    until = models.DateTimeField(
        _("open again at"),
        null=True,
        blank=True,
        help_text=_("From then on the shop is open by itself; empty: until it is switched off."),
    )

    class Meta:
        verbose_name = _("maintenance")
        verbose_name_plural = _("maintenance")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="maintenance_one_row"),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
