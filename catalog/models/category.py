"""The category tree and the attributes its goods have. Source: requirements C-01, C-04."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.head import HeadWords
from mall.kernel.db import SafeJSONField
from mall.kernel.words import localized


class CategoryQuerySet(models.QuerySet["Category"]):
    def active(self) -> "CategoryQuerySet":
        return self.filter(is_active=True)


class Category(HeadWords):
    """A node of the tree, level 1 to 3. ``path_ids`` are its ancestors from the root and itself."""

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    slug = models.SlugField(pgettext_lazy("URL", "address"), max_length=60, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    icon = models.CharField(_("icon"), max_length=60, blank=True)
    picture = models.ForeignKey(
        "catalog.Media",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Shown instead of the icon."),
    )
    level = models.PositiveSmallIntegerField(_("level"), editable=False)
    path_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("path"), editable=False, default=list
    )
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)
    is_active = models.BooleanField(_("shown"), default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["level", "sort", "pk"]
        indexes = [GinIndex(fields=["path_ids"], name="category_path")]
        constraints = [
            models.CheckConstraint(condition=Q(level__range=(1, 3)), name="category_level_1_to_3"),
            models.CheckConstraint(
                condition=Q(level=1, parent__isnull=True) | Q(level__gt=1, parent__isnull=False),
                name="category_root_is_level_1",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class AttributeDefinition(models.Model):
    """One typed attribute that the goods of a category (and below) have."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        CHOICE = "choice", _("choice")
        NUMBER = "number", pgettext_lazy("kind of value", "number")

    category = models.ForeignKey(
        Category, models.CASCADE, related_name="attribute_definitions", verbose_name=_("category")
    )
    code = models.SlugField(_("code"), max_length=40)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    unit_zh = models.CharField(_("unit (Chinese)"), max_length=20, blank=True)
    unit_en = models.CharField(_("unit (English)"), max_length=20, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    is_searchable = models.BooleanField(_("filterable"), default=False)
    choices = SafeJSONField(
        _("choices"),
        default=list,
        blank=True,
        help_text=_('A list of {"code": .., "zh": .., "en": ..}.'),
    )
    sort = models.IntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "code"], name="attribute_code_once_per_category"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")
