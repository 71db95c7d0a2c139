"""Where the shop sells: the registry of its channels. Source: requirement X-55."""

from django.core.validators import validate_slug
from django.db import models
from django.utils.translation import gettext_lazy as _

from mall.kernel.words import localized


class ChannelQuerySet(models.QuerySet["Channel"]):
    def active(self) -> "ChannelQuerySet":
        """Channels that bring orders now."""
        return self.filter(is_active=True)


class Channel(models.Model):
    """One way to our buyers. An order keeps the code, so that renaming a channel rewrites no
    order."""

    class Kind(models.TextChoices):
        WEB = "web", _("web")
        MINIPROGRAM = "miniprogram", _("mini-program")
        STORE = "store", _("store")
        LIVE = "live", _("live stream")
        PARTNER = "partner", _("partner")

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        validators=[validate_slug],
        help_text=_("Stands in links to the shop: ?channel=code"),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("sales channel")
        verbose_name_plural = _("sales channels")
        ordering = ["pk"]

    def __str__(self) -> str:
        return localized(self, "title")
