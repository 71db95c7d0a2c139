"""Content of the storefront that operators place: announcements, help pages, hot words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.words import localized


class Announcement(models.Model):
    """One line of shop news; a bar of it stands over every page while it lasts (X-64)."""

    class Level(models.TextChoices):
        NEWS = "news", pgettext_lazy("announcement", "news")
        NOTICE = "notice", pgettext_lazy("announcement", "notice")
        WARNING = "warning", pgettext_lazy("announcement", "warning")

    title_zh = models.CharField(_("title (Chinese)"), max_length=60)
    title_en = models.CharField(_("title (English)"), max_length=90)
    link = models.CharField(
        _("link"),
        max_length=200,
        blank=True,
        help_text=_("A path of this shop, such as /category/tea/."),
    )
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.NEWS)
    is_bar = models.BooleanField(
        _("over every page"), default=False, help_text=_("Else on the home page only.")
    )
    is_dismissible = models.BooleanField(_("may be closed"), default=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(link="")
                | (models.Q(link__startswith="/") & ~models.Q(link__startswith="//")),
                name="announcement_link_is_local",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class HelpPage(models.Model):
    """A help or policy page; ``version`` is what consents name."""

    class Topic(models.TextChoices):
        """The column of the footer it stands in."""

        GUIDE = "guide", _("Shopping guide")
        DELIVERY = "delivery", _("Delivery")
        AFTER_SALES = "after_sales", _("After sales")
        ABOUT = "about", _("About us")
        AGREEMENT = "agreement", _("Member agreement")
        PRIVACY = "privacy", _("Privacy policy")

    slug = models.SlugField(pgettext_lazy("URL", "address"), max_length=40, unique=True)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic, default=Topic.ABOUT)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    body_zh = models.TextField(
        _("text (Chinese)"), help_text=_("Paragraphs, an empty line between them.")
    )
    body_en = models.TextField(_("text (English)"))
    version = models.CharField(_("version"), max_length=20, default="1")
    is_published = models.BooleanField(
        _("published"), default=True, help_text=_("A draft is seen by operators only.")
    )
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("help page")
        verbose_name_plural = _("help pages")
        ordering = ["sort", "pk"]

    def __str__(self) -> str:
        return localized(self, "title")


class HelpVersion(models.Model):
    """What a help page said in one of its versions; nobody changes it (a trigger refuses)."""

    page = models.ForeignKey(
        HelpPage, models.PROTECT, related_name="past", verbose_name=_("help page")
    )
    version = models.CharField(_("version"), max_length=20)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    body_zh = models.TextField(_("text (Chinese)"))
    body_en = models.TextField(_("text (English)"))
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("version of a help page")
        verbose_name_plural = _("versions of help pages")
        ordering = ["page", "-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "version"], name="help_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.version}"


class HotWord(models.Model):
    """A search word that the shop suggests."""

    word_zh = models.CharField(_("word (Chinese)"), max_length=20)
    word_en = models.CharField(_("word (English)"), max_length=30)
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("hot word")
        verbose_name_plural = _("hot words")
        ordering = ["sort", "pk"]

    def __str__(self) -> str:
        return self.word_zh
