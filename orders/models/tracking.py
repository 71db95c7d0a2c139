"""What carriers' systems tell us: every call-back as it came, with what became of it.

Source: requirement O-19. Append-only.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TrackingPush(models.Model):
    """One call-back about a parcel, believed or not."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("applied")
        REPEATED = "repeated", _("known already")
        REFUSED = "refused", _("refused")

    adapter = models.CharField(_("tracking"), max_length=10)
    push_id = models.CharField(_("id of the call"), max_length=64, blank=True)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.TextField(_("body"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    shipment = models.ForeignKey(
        "orders.Shipment",
        models.PROTECT,
        null=True,
        related_name="pushes",
        verbose_name=_("shipment"),
    )
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("carrier's call-back")
        verbose_name_plural = _("carriers' call-backs")
        indexes = [models.Index(fields=["-received_at"], name="tracking_push_newest")]

    def __str__(self) -> str:
        return f"{self.adapter} {self.push_id} {self.outcome}"
