"""SPU: what is sold, in words. Source: requirements C-02, C-04, C-06."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.head import HeadWords
from catalog.models.shop import OWN_SHOP_ID
from mall.kernel.db import LockableQuerySet, SafeJSONField, refuse_unsafe_text
from mall.kernel.words import localized


class Brand(HeadWords):
    """A maker's name."""

    slug = models.SlugField(pgettext_lazy("URL", "address"), max_length=60, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=60)
    title_en = models.CharField(_("title (English)"), max_length=80)
    story_zh = models.TextField(_("story (Chinese)"), blank=True)
    story_en = models.TextField(_("story (English)"), blank=True)
    logo = models.ForeignKey(
        "catalog.Media",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    is_active = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")

    def __str__(self) -> str:
        return localized(self, "title")


class ProductQuerySet(LockableQuerySet):
    def on_sale(self) -> "ProductQuerySet":
        """What operators have put on sale; its shelf times may still hide it."""
        return self.filter(status=Product.Status.ON_SALE)

    def on_shelf(self, at: datetime) -> "ProductQuerySet":
        """What shoppers and the API may see at an instant (C-06)."""
        return self.on_sale().filter(
            Q(on_shelf_at=None) | Q(on_shelf_at__lte=at),
            Q(off_shelf_at=None) | Q(off_shelf_at__gt=at),
        )


class Product(HeadWords):
    """One product (SPU). Only ``on_sale`` ones are visible to shoppers."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PENDING = "pending", _("waiting for approval")
        ON_SALE = "on_sale", _("on sale")
        OFF_SALE = "off_sale", _("off sale")
        REJECTED = "rejected", _("rejected")

    class Edition(models.TextChoices):
        ORDINARY = "", _("ordinary")
        FIRST = "first", _("exclusive first sale")
        LIMITED = "limited", _("limited edition")

    class Stage(models.TextChoices):
        UNKNOWN = "", _("not known yet")
        NEW = "new", _("new")
        RISING = "rising", _("rising")
        MATURE = "mature", _("mature")
        FALLING = "falling", _("falling")
        CLEARANCE = "clearance", _("clearance")

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[refuse_unsafe_text])
    slug = models.SlugField(pgettext_lazy("URL", "address"), max_length=80, blank=True)
    title_zh = models.CharField(
        _("title (Chinese)"), max_length=80, validators=[refuse_unsafe_text]
    )
    title_en = models.CharField(
        _("title (English)"), max_length=120, blank=True, validators=[refuse_unsafe_text]
    )
    subtitle_zh = models.CharField(_("subtitle (Chinese)"), max_length=120, blank=True)
    subtitle_en = models.CharField(_("subtitle (English)"), max_length=160, blank=True)
    category = models.ForeignKey(
        "catalog.Category", models.PROTECT, related_name="products", verbose_name=_("category")
    )
    brand = models.ForeignKey(
        Brand,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("brand"),
    )
    shop = models.ForeignKey(
        "catalog.Shop",
        models.PROTECT,
        default=OWN_SHOP_ID,
        db_default=OWN_SHOP_ID,
        related_name="products",
        verbose_name=_("shop"),
    )
    freight_template = models.ForeignKey(
        "catalog.FreightTemplate",
        models.PROTECT,
        related_name="products",
        verbose_name=_("freight template"),
    )
    sold_in = models.ManyToManyField(
        "catalog.RegionSet",
        blank=True,
        related_name="limited_products",
        verbose_name=_("sold in"),
        help_text=_("Only to addresses in one of these regions; empty: everywhere."),
    )
    promoted_in = models.ManyToManyField(
        "catalog.RegionSet",
        blank=True,
        related_name="promoted_products",
        verbose_name=_("put forward in"),
        help_text=_("Shown first to shoppers of these regions."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    keywords = models.CharField(_("search words"), max_length=200, blank=True)
    blocks = SafeJSONField(
        _("detail blocks"),
        default=list,
        blank=True,
        help_text=_(
            'A list of {"kind": "point", "title_zh": .., "text_zh": .., "media_id": ..}, in order.'
        ),
    )
    edition = models.CharField(
        _("edition"), max_length=10, choices=Edition, default=Edition.ORDINARY, blank=True
    )
    partner_zh = models.CharField(
        _("partner (Chinese)"), max_length=40, blank=True, validators=[refuse_unsafe_text]
    )
    partner_en = models.CharField(
        _("partner (English)"), max_length=60, blank=True, validators=[refuse_unsafe_text]
    )
    total_limit = models.PositiveIntegerField(
        _("pieces in all"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    member_limit = models.PositiveSmallIntegerField(
        _("pieces a member"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    quality_score = models.PositiveSmallIntegerField(
        _("listing quality"), default=0, editable=False, help_text=_("0 to 100.")
    )
    quality_flags = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("what the listing lacks"),
        default=list,
        editable=False,
    )
    stage = models.CharField(
        _("stage of life"), max_length=10, choices=Stage, default=Stage.UNKNOWN, editable=False
    )
    on_shelf_at = models.DateTimeField(
        _("shown from"),
        null=True,
        blank=True,
        help_text=_("Empty: as soon as it is put on sale."),
    )
    off_shelf_at = models.DateTimeField(
        _("shown until"), null=True, blank=True, help_text=_("Empty: until it is taken off.")
    )
    main_video = models.ForeignKey(
        "catalog.Video",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("main video"),
    )
    listed_at = models.DateTimeField(
        _("on sale since"), null=True, blank=True, help_text=_("The first time.")
    )
    relisted_at = models.DateTimeField(_("put on sale last"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    sales_count = models.IntegerField(_("sold"), default=0, help_text=_("Pieces paid for."))
    buyers_count = models.PositiveIntegerField(
        _("buyers"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("Members who bought and kept it."),
    )
    rating_sum = models.PositiveIntegerField(_("sum of ratings"), default=0)
    rating_count = models.PositiveIntegerField(_("reviews"), default=0)
    version = models.PositiveIntegerField(_("version"), default=1)
    search = SearchVectorField(_("search words"), null=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            GinIndex(fields=["search"], name="product_search"),
            models.Index(fields=["category", "status"], name="product_category_status"),
            models.Index(fields=["status", "-listed_at", "-id"], name="product_newest"),
            models.Index(
                fields=["on_shelf_at"],
                condition=Q(on_shelf_at__isnull=False),
                name="product_comes_to_the_shelf",
            ),
            models.Index(
                fields=["off_shelf_at"],
                condition=Q(off_shelf_at__isnull=False),
                name="product_leaves_the_shelf",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(on_shelf_at=None)
                | Q(off_shelf_at=None)
                | Q(on_shelf_at__lt=F("off_shelf_at")),
                name="product_shelf_times_in_order",
                violation_error_message=_("It is shown until after it is shown from."),
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def is_on_shelf(self, at: datetime) -> bool:
        """What `ProductQuerySet.on_shelf` asks of a row, without a query."""
        return (
            self.status == Product.Status.ON_SALE
            and (self.on_shelf_at is None or self.on_shelf_at <= at)
            and (self.off_shelf_at is None or self.off_shelf_at > at)
        )


class ProductAttribute(models.Model):
    """The value of one attribute of one product."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="attribute_values", verbose_name=_("product")
    )
    definition = models.ForeignKey(
        "catalog.AttributeDefinition",
        models.PROTECT,
        related_name="values",
        verbose_name=_("attribute"),
    )
    value_zh = models.CharField(
        _("value (Chinese)"), max_length=240, validators=[refuse_unsafe_text]
    )
    value_en = models.CharField(_("value (English)"), max_length=320, blank=True)

    class Meta:
        verbose_name = _("attribute value")
        verbose_name_plural = _("attribute values")
        indexes = [models.Index(fields=["definition", "value_zh"], name="attribute_value_lookup")]
        constraints = [
            models.UniqueConstraint(fields=["product", "definition"], name="attribute_value_once"),
        ]

    def __str__(self) -> str:
        return self.value_zh
