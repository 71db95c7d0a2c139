"""Orders that are fetched in a store, and who tried which codes there. Source: requirement O-34."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class PickupQuerySet(LockableQuerySet):
    def waiting(self) -> "PickupQuerySet":
        """Paid orders whose goods nobody has fetched."""
        return self.filter(collected_at__isnull=True, order__status="paid")

    def of_staff(self, account_id: int) -> "PickupQuerySet":
        """Those of the stores where somebody works."""
        return self.filter(store__staff=account_id)


class Pickup(models.Model):
    """One order and the store where it is handed over.

    The code itself is stored nowhere: it is drawn from ``nonce`` with a key that only the process
    knows, and ``code_hash`` (keyed too) finds it again.
    """

    order = models.OneToOneField(
        "orders.Order", models.PROTECT, related_name="pickup", verbose_name=_("order")
    )
    store = models.ForeignKey(
        "inventory.Store", models.PROTECT, related_name="pickups", verbose_name=_("store")
    )
    nonce = models.CharField(max_length=32, editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    ready_at = models.DateTimeField(_("ready since"), null=True, blank=True)
    keep_until = models.DateTimeField(_("kept until"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    overdue_at = models.DateTimeField(_("overdue since"), null=True, blank=True)
    collected_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    collected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed over by"),
    )

    objects = PickupQuerySet.as_manager()

    class Meta:
        verbose_name = _("pick-up")
        verbose_name_plural = _("pick-ups")
        permissions = [("verify_pickup", _("Can hand over orders in a store"))]
        indexes = [
            models.Index(
                fields=["keep_until"],
                name="pickup_waiting_until",
                condition=Q(collected_at__isnull=True, keep_until__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ready_at__isnull=True, keep_until__isnull=True)
                | Q(keep_until__gt=F("ready_at")),
                name="pickup_kept_after_ready",
            ),
        ]

    def __str__(self) -> str:
        return str(self.order)


class PickupTry(models.Model):
    """Wrong codes that one member of the staff entered for one store, since the last right one."""

    store = models.ForeignKey(
        "inventory.Store", models.CASCADE, related_name="+", verbose_name=_("store")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who")
    )
    failures = models.PositiveIntegerField(_("wrong codes"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("wrong pick-up codes")
        verbose_name_plural = _("wrong pick-up codes")
        constraints = [
            models.UniqueConstraint(fields=["store", "account"], name="pickup_try_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.failures}"
