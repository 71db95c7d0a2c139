"""Pictures. Each is stored once by content, in several widths.

Source: requirement C-40, ui.md section 9.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Media(models.Model):
    """One picture: ``file`` is the widest, ``widths`` the smaller ones (name-400.webp).

    ``avif_widths`` are those that there is an AVIF of as well (name-400.avif): only where it is
    smaller.
    """

    file = models.FileField(_("file"), upload_to="pictures/%Y/%m", max_length=200)
    sha256 = models.CharField(_("digest"), max_length=64, unique=True)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    widths = ArrayField(models.PositiveIntegerField(), verbose_name=_("widths"), default=list)
    avif_widths = ArrayField(
        models.PositiveIntegerField(), verbose_name=_("widths in AVIF"), default=list, db_default=[]
    )
    alt_zh = models.CharField(_("text instead (Chinese)"), max_length=120, blank=True)
    alt_en = models.CharField(_("text instead (English)"), max_length=160, blank=True)
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.alt_zh or str(self.file)


class ProductMedia(models.Model):
    """A picture in a product's gallery; the first one is the card's."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="gallery", verbose_name=_("product")
    )
    media = models.ForeignKey(Media, models.PROTECT, related_name="+", verbose_name=_("picture"))
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("product picture")
        verbose_name_plural = _("product pictures")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "media"], name="product_media_once"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.media_id}"
