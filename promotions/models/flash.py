"""Flash sales: pieces set aside before they begin, and who wants to be reminded of them.

Source: P-19, P-22, I-12; design.md, section 6. Their goods are `ActivityItem` rows.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class StockLockQuerySet(LockableQuerySet):
    def standing(self) -> "StockLockQuerySet":
        """Locks that stock may still be held under."""
        return self.filter(state__in=[StockLock.State.ASKED, StockLock.State.LOCKED])


class StockLock(models.Model):
    """Whether the pieces of a flash sale are set aside out of normal stock.

    ``asked`` when it is approved; ``locked`` or ``refused`` by the answer; ``freed`` after its end.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        LOCKED = "locked", _("set aside")
        REFUSED = "refused", _("too little stock")
        FREED = "freed", _("given back")

    campaign = models.OneToOneField(
        "promotions.Campaign",
        models.CASCADE,
        related_name="stock_lock",
        verbose_name=_("flash sale"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    asked_at = models.DateTimeField(_("asked at"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = StockLockQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock of a flash sale")
        verbose_name_plural = _("stock of flash sales")

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.state}"


class FlashReminderQuerySet(LockableQuerySet):
    def unsent(self) -> "FlashReminderQuerySet":
        return self.filter(sent_at__isnull=True)


class FlashReminder(models.Model):
    """A member wants to hear of a flash sale before it begins; told once."""

    campaign = models.ForeignKey(
        "promotions.Campaign",
        models.CASCADE,
        related_name="reminders",
        verbose_name=_("flash sale"),
    )
    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="+", verbose_name=_("member")
    )
    asked_at = models.DateTimeField(_("asked at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = FlashReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder of a flash sale")
        verbose_name_plural = _("reminders of flash sales")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "member"], name="flash_reminder_once"),
        ]
        indexes = [
            models.Index(
                fields=["campaign"],
                condition=models.Q(sent_at__isnull=True),
                name="flash_reminder_unsent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.member_id}"
