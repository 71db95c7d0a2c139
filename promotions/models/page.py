"""Pages that operators put together of blocks: home, topics, landings. Source: X-01, X-05, P-61.

A version is edited as a draft until it is first released; from then on nobody changes it (a trigger
refuses). What shoppers see is the newest release whose time has come, so a page that is to change
at midnight needs no job; going back is a release of an older version, taking down one of none.
"""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet, SafeJSONField
from mall.kernel.words import localized

HOME_SLUG = "home"


class ContentPage(models.Model):
    """One page of the shop by its address."""

    class Kind(models.TextChoices):
        HOME = "home", pgettext_lazy("page", "home")
        TOPIC = "topic", pgettext_lazy("page", "topic")
        LANDING = "landing", pgettext_lazy("page", "landing page")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TOPIC)
    slug = models.SlugField(pgettext_lazy("URL", "address"), max_length=60, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=80, blank=True)
    text_zh = models.CharField(
        _("description (Chinese)"),
        max_length=160,
        blank=True,
        help_text=_("One or two sentences: the list of topics and search engines show them."),
    )
    text_en = models.CharField(_("description (English)"), max_length=240, blank=True)
    cover = models.ForeignKey(
        "catalog.Media",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("picture"),
    )
    is_listed = models.BooleanField(
        _("in the list of topics"), default=True, help_text=_("Of topics only.")
    )
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)
    made_at = models.DateTimeField(_("made at"))

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")
        ordering = ["sort", "pk"]
        permissions = [("publish_contentpage", _("Can publish pages"))]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="home"), name="content_page_one_home"
            ),
            models.CheckConstraint(
                condition=Q(kind="home", slug=HOME_SLUG) | (~Q(kind="home") & ~Q(slug=HOME_SLUG)),
                name="content_page_home_is_home",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class PageVersion(models.Model):
    """The blocks of a page as they were put together once; ``frozen_at`` is its first release."""

    page = models.ForeignKey(
        ContentPage, models.CASCADE, related_name="versions", verbose_name=_("page")
    )
    number = models.PositiveIntegerField(_("number"))
    blocks = SafeJSONField(_("blocks"), default=list)
    note = models.CharField(_("note"), max_length=120, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("author"),
    )
    made_at = models.DateTimeField(_("made at"))
    saved_at = models.DateTimeField(_("saved at"))
    revision = models.PositiveIntegerField(
        _("revision"), default=1, help_text=_("Counts the savings of a draft.")
    )
    frozen_at = models.DateTimeField(_("released first at"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        ordering = ["page", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="page_version_number_once"),
            models.UniqueConstraint(
                fields=["page"], condition=Q(frozen_at=None), name="page_version_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.number}"

    @property
    def is_draft(self) -> bool:
        """True until it was released."""
        return self.frozen_at is None


class PageReleaseQuerySet(LockableQuerySet):
    def live(self, at: datetime) -> Self:
        """What is shown at ``at``: the newest release of each page whose time has come."""
        begun = self.filter(live_at__lte=at, cancelled_at=None)
        return begun.order_by("page_id", "-live_at", "-pk").distinct("page_id")


class PageRelease(models.Model):
    """A version goes on the page at an instant; without a version the page is taken down."""

    page = models.ForeignKey(
        ContentPage, models.CASCADE, related_name="releases", verbose_name=_("page")
    )
    version = models.ForeignKey(
        PageVersion,
        models.PROTECT,
        related_name="releases",
        null=True,
        blank=True,
        verbose_name=_("version"),
    )
    live_at = models.DateTimeField(_("goes live at"))
    released_at = models.DateTimeField(_("released at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("released by"),
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = PageReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release of a page")
        verbose_name_plural = _("releases of pages")
        ordering = ["-live_at", "-pk"]
        indexes = [
            models.Index(fields=["page", "-live_at", "-id"], name="page_release_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(live_at__gte=F("released_at")), name="page_release_not_backdated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.version_id}"
