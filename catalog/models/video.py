"""Videos of goods: their bytes as they came, what MediaInfo read of them, a poster picture.

Source: requirements C-41 (main), C-42 (detail), C-43 (short).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import refuse_unsafe_text


class Video(models.Model):
    """One MP4 file. ``kind`` says by which rules it was let in; the same bytes are kept once each.

    It is 15 seconds or so that people see, so nothing is converted: what plays is what was sent.
    """

    class Kind(models.TextChoices):
        MAIN = "main", pgettext_lazy("video", "main")
        DETAIL = "detail", pgettext_lazy("video", "detail")
        SHORT = "short", pgettext_lazy("video", "short")
        REVIEW = "review", pgettext_lazy("video", "review")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    file = models.FileField(_("file"), upload_to="videos", max_length=200)
    sha256 = models.CharField(_("digest"), max_length=64, editable=False)
    codec = models.CharField(_("codec"), max_length=10, editable=False)
    duration_ms = models.PositiveIntegerField(_("length"), help_text=_("Milliseconds."))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size_bytes = models.PositiveIntegerField(_("size"), help_text=_("Bytes."))
    poster = models.ForeignKey(
        "catalog.Media",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("poster picture"),
        help_text=_("Shown until it plays; empty: the product's first picture."),
    )
    title_zh = models.CharField(
        _("title (Chinese)"), max_length=80, blank=True, validators=[refuse_unsafe_text]
    )
    title_en = models.CharField(
        _("title (English)"), max_length=120, blank=True, validators=[refuse_unsafe_text]
    )
    shows_goods = models.BooleanField(
        _("shows the goods"),
        default=False,
        db_default=False,
        help_text=_("It shows the goods themselves, not only text."),
    )
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        constraints = [
            models.UniqueConstraint(fields=["sha256", "kind"], name="video_once_per_kind"),
            models.CheckConstraint(
                condition=Q(duration_ms__gt=0, width__gt=0, height__gt=0), name="video_has_a_shape"
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh or str(self.file)


class ShortVideo(models.Model):
    """A short video in the feed: who taps it is taken to the product (C-43)."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="short_videos", verbose_name=_("product")
    )
    video = models.ForeignKey(Video, models.PROTECT, related_name="+", verbose_name=_("video"))
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)
    is_active = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("short video")
        verbose_name_plural = _("short videos")
        ordering = ["sort", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "video"], name="short_video_once"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.video_id}"
