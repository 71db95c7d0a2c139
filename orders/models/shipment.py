"""Parcels: what left, with whom, where it is. Source: O-18, INV-28."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, refuse_unsafe_text


class Shipment(models.Model):
    """One parcel of one order."""

    number = models.CharField(_("number"), max_length=32, unique=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="shipments", verbose_name=_("order")
    )
    carrier = models.ForeignKey(
        "orders.Carrier",
        models.PROTECT,
        to_field="code",
        db_column="carrier",
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name=_("carrier"),
        help_text=_("Empty: handed over in a store."),
    )
    tracking_no = models.CharField(
        _("tracking number"), max_length=40, blank=True, validators=[refuse_unsafe_text]
    )
    warehouse = models.ForeignKey(
        "inventory.Warehouse",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("warehouse"),
    )
    grams = models.PositiveIntegerField(_("weight in grams"), default=0)
    cost_fen = FenField(
        _("cost"), default=0, help_text=_("What the carrier asks for it by its prices.")
    )
    promised_at = models.DateTimeField(_("promised until"), null=True, blank=True)
    last_event_at = models.DateTimeField(
        _("last news at"), null=True, blank=True, help_text=_("When the last scan was made.")
    )
    subscribed_at = models.DateTimeField(_("tracked since"), null=True, blank=True)
    is_damaged = models.BooleanField(_("damaged"), default=False)
    shipped_at = models.DateTimeField(_("shipped at"))
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "tracking_no", "order"], name="shipment_once_per_parcel"
            ),
        ]
        indexes = [
            models.Index(fields=["tracking_no"], name="shipment_tracking_no"),
            models.Index(fields=["-shipped_at"], name="shipment_newest"),
            models.Index(
                fields=["last_event_at"],
                name="shipment_unsigned",
                condition=Q(signed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_no or self.number


class ShipmentLine(models.Model):
    """Pieces of one order line in one parcel."""

    shipment = models.ForeignKey(
        Shipment, models.PROTECT, related_name="lines", verbose_name=_("shipment")
    )
    line = models.ForeignKey(
        "orders.OrderLine",
        models.PROTECT,
        related_name="shipment_lines",
        verbose_name=_("order line"),
    )
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} x {self.quantity}"


class ShipmentTrace(models.Model):
    """One scan of a parcel on its way."""

    class Code(models.TextChoices):
        PICKED = "picked", _("picked up")
        TRANSIT = "transit", _("on its way")
        DELIVERING = "delivering", _("out for delivery")
        SIGNED = "signed", _("signed")
        PROBLEM = "problem", _("could not be delivered")
        RETURNED = "returned", _("on its way back")

    shipment = models.ForeignKey(
        Shipment, models.CASCADE, related_name="traces", verbose_name=_("shipment")
    )
    code = models.CharField(_("what"), max_length=12, choices=Code)
    place = models.CharField(_("where"), max_length=80, blank=True, validators=[refuse_unsafe_text])
    words = models.CharField(
        _("the carrier's words"), max_length=200, blank=True, validators=[refuse_unsafe_text]
    )
    is_typed = models.BooleanField(_("typed in"), default=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("parcel scan")
        verbose_name_plural = _("parcel scans")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "code", "at"], name="trace_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.place}"
