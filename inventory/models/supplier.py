"""Suppliers: who they are, what they may supply, what it costs. Source: I-25, I-32, I-37, I-51."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet, refuse_unsafe_text
from mall.kernel.words import localized


class SupplierQuerySet(LockableQuerySet):
    def orderable(self) -> "SupplierQuerySet":
        """Those that may be sent a purchase order."""
        return self.filter(status=Supplier.Status.ACTIVE)


class Supplier(models.Model):
    """One company we buy from, or that ships for us."""

    class Status(models.TextChoices):
        PENDING = "pending", _("being admitted")
        ACTIVE = "active", _("working with us")
        SUSPENDED = "suspended", _("suspended")
        ENDED = "ended", _("ended")

    class Grade(models.TextChoices):
        NONE = "", _("not graded")
        A = "A", "A"
        B = "B", "B"
        C = "C", "C"

    code = models.SlugField(_("code"), max_length=30, unique=True)
    title_zh = models.CharField(
        _("title (Chinese)"), max_length=60, validators=[refuse_unsafe_text]
    )
    title_en = models.CharField(
        _("title (English)"), max_length=80, blank=True, validators=[refuse_unsafe_text]
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.PENDING, editable=False
    )
    categories = models.ManyToManyField(
        "catalog.Category", related_name="suppliers", blank=True, verbose_name=_("supplies")
    )
    moq = models.PositiveIntegerField(
        _("minimum order"),
        default=300,
        validators=[MinValueValidator(1)],
        help_text=_("Pieces of one SKU that it makes at least."),
    )
    lead_days = models.PositiveSmallIntegerField(
        _("lead time"), default=7, validators=[MaxValueValidator(365)], help_text=_("Days.")
    )
    ships_within_hours = models.PositiveSmallIntegerField(
        _("ships within"),
        default=48,
        validators=[MinValueValidator(1)],
        help_text=_("Hours; an agreement may say otherwise."),
    )
    payment_term_days = models.PositiveSmallIntegerField(
        _("payment term"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text=_("Days after the month; empty: what its grade is given."),
    )
    payee_name = models.CharField(
        _("payee"), max_length=80, blank=True, validators=[refuse_unsafe_text]
    )
    payee_bank = models.CharField(
        _("bank"), max_length=80, blank=True, validators=[refuse_unsafe_text]
    )
    payee_account = models.CharField(
        _("bank account"), max_length=40, blank=True, validators=[refuse_unsafe_text]
    )
    tax_number = models.CharField(
        _("tax number"), max_length=30, blank=True, validators=[refuse_unsafe_text]
    )
    grade = models.CharField(
        _("grade"), max_length=1, choices=Grade, default=Grade.NONE, blank=True, editable=False
    )
    graded_on = models.DateField(_("graded for"), null=True, blank=True, editable=False)
    note = models.TextField(
        _("note"), max_length=1000, blank=True, default="", validators=[refuse_unsafe_text]
    )

    objects = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["code"]
        permissions = [
            ("see_supplier_contacts", _("Sees contacts and bank data of suppliers")),
            ("move_supplier", _("Admits, suspends and ends suppliers")),
            ("get_supplier_alerts", _("Is told of alarms about suppliers")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(moq__gte=1, ships_within_hours__gte=1), name="supplier_terms_positive"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class SupplierContact(models.Model):
    """A person at the supplier. Their number is masked for who may not see it."""

    supplier = models.ForeignKey(
        Supplier, models.CASCADE, related_name="contacts", verbose_name=_("supplier")
    )
    name = models.CharField(
        pgettext_lazy("person", "name"), max_length=40, validators=[refuse_unsafe_text]
    )
    duty = models.CharField(_("duty"), max_length=40, blank=True, validators=[refuse_unsafe_text])
    phone = models.CharField(
        pgettext_lazy("store", "phone"), max_length=30, blank=True, validators=[refuse_unsafe_text]
    )
    email = models.EmailField(_("e-mail"), blank=True)
    is_first = models.BooleanField(_("first contact"), default=False)

    class Meta:
        verbose_name = _("contact of a supplier")
        verbose_name_plural = _("contacts of suppliers")
        ordering = ["-is_first", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier"],
                condition=Q(is_first=True),
                name="supplier_one_first_contact",
                violation_error_message=_("One contact is the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierDocument(models.Model):
    """A licence or certificate of a supplier; ``expires_on`` is its last day."""

    class Alert(models.TextChoices):
        NONE = "", _("none")
        SOON = "soon", _("runs out soon")
        OVER = "over", _("has run out")

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="documents", verbose_name=_("supplier")
    )
    title = models.CharField(_("title"), max_length=60, validators=[refuse_unsafe_text])
    number = models.CharField(_("number"), max_length=60, validators=[refuse_unsafe_text])
    file = models.FileField(_("file"), upload_to="suppliers", max_length=200, blank=True)
    starts_on = models.DateField(_("valid from"), null=True, blank=True)
    expires_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Empty: it does not run out.")
    )
    alerted = models.CharField(
        _("warned of"), max_length=5, choices=Alert, default=Alert.NONE, blank=True, editable=False
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a supplier")
        verbose_name_plural = _("documents of suppliers")
        ordering = [F("expires_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "title", "number"], name="supplier_document_once"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None)
                | Q(expires_on=None)
                | Q(starts_on__lte=F("expires_on")),
                name="supplier_document_dates_in_order",
                violation_error_message=_("Its last day is not before its first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class SupplierSkuQuerySet(LockableQuerySet):
    def offered(self) -> "SupplierSkuQuerySet":
        """What suppliers that may be ordered from offer today."""
        return self.filter(is_active=True, supplier__status=Supplier.Status.ACTIVE)

    def synced(self) -> "SupplierSkuQuerySet":
        """Goods whose pieces the supplier has told us at least once."""
        return self.filter(synced_at__isnull=False)


class SupplierSku(models.Model):
    """One SKU as one supplier sells it: cost, terms, and the pieces it last said it has."""

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="goods", verbose_name=_("supplier")
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="supplied_by", verbose_name=_("SKU")
    )
    supplier_code = models.CharField(
        _("its own code"), max_length=60, blank=True, validators=[refuse_unsafe_text]
    )
    cost_fen = FenField(_("cost"), help_text=_("What one piece costs us."))
    moq = models.PositiveIntegerField(
        _("minimum order"), null=True, blank=True, help_text=_("Empty: the supplier's.")
    )
    lead_days = models.PositiveSmallIntegerField(
        _("lead time"), null=True, blank=True, help_text=_("Empty: the supplier's.")
    )
    is_active = models.BooleanField(_("offered"), default=True)
    buffer = models.PositiveIntegerField(
        _("buffer"), default=10, help_text=_("Pieces held back, because its figures come late.")
    )
    least_stock = models.PositiveIntegerField(
        _("least stock"), default=50, help_text=_("Fewer pieces at the supplier raise an alert.")
    )
    stops_when_low = models.BooleanField(
        _("off sale when low"), default=False, help_text=_("Under the least stock, sell none.")
    )
    synced_stock = models.PositiveIntegerField(
        _("pieces at the supplier"), default=0, editable=False
    )
    synced_at = models.DateTimeField(_("as of"), null=True, blank=True, editable=False)

    objects = SupplierSkuQuerySet.as_manager()

    class Meta:
        verbose_name = _("goods of a supplier")
        verbose_name_plural = _("goods of suppliers")
        ordering = ["supplier", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "sku"], name="supplier_sku_once"),
            models.UniqueConstraint(
                fields=["supplier", "supplier_code"],
                condition=~Q(supplier_code=""),
                name="supplier_code_once",
                violation_error_message=_("The supplier has another SKU under this code."),
            ),
            models.CheckConstraint(
                condition=Q(cost_fen__gte=0) & (Q(moq=None) | Q(moq__gte=1)),
                name="supplier_sku_terms",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.sku}"


class SupplierKey(models.Model):
    """A key of the stock door. Its secret is shown once; only its hash is kept."""

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="keys", verbose_name=_("supplier")
    )
    key_id = models.CharField(pgettext_lazy("secret", "key"), max_length=24, unique=True)
    secret_hash = models.CharField(_("hash"), max_length=64, editable=False)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("key of a supplier")
        verbose_name_plural = _("keys of suppliers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.key_id
