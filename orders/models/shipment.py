"""Parcels: what left, with whom, where it is. Source: O-18, INV-28."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import refuse_unsafe_text


class Shipment(models.Model):
    """One parcel of one order."""

    class Carrier(models.TextChoices):
        SF = "sf", _("SF Express")
        ZTO = "zto", _("ZTO Express")
        YTO = "yto", _("YTO Express")
        YUNDA = "yunda", _("Yunda Express")
        JD = "jd", _("JD Logistics")
        EMS = "ems", _("EMS")

    number = models.CharField(_("number"), max_length=32, unique=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="shipments", verbose_name=_("order")
    )
    carrier = models.CharField(_("carrier"), max_length=10, choices=Carrier)
    tracking_no = models.CharField(
        _("tracking number"), max_length=40, validators=[refuse_unsafe_text]
    )
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

    def __str__(self) -> str:
        return f"{self.get_carrier_display()} {self.tracking_no}"


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

    shipment = models.ForeignKey(
        Shipment, models.CASCADE, related_name="traces", verbose_name=_("shipment")
    )
    code = models.CharField(_("what"), max_length=12, choices=Code)
    place = models.CharField(_("where"), max_length=80, blank=True, validators=[refuse_unsafe_text])
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("parcel scan")
        verbose_name_plural = _("parcel scans")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "code", "at"], name="trace_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.place}"
