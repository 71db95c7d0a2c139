"""The outbox table and the memory of what each handler has done (INV-31)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class OutboxEventQuerySet(LockableQuerySet):
    def due(self, at: object) -> "OutboxEventQuerySet":
        return self.filter(done_at=None, dead_at=None, next_at__lte=at)


class OutboxEvent(models.Model):
    """One committed domain event, until every handler has applied it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("event"), max_length=80)
    payload = models.JSONField(_("payload"))
    at = models.DateTimeField(_("at"), help_text=_("When it happened."))
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)
    next_at = models.DateTimeField(_("next try at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    dead_at = models.DateTimeField(_("given up at"), null=True, blank=True)

    objects = OutboxEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox event")
        verbose_name_plural = _("outbox events")
        permissions = [("retry_outboxevent", _("Can try a given-up event again"))]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="outbox_due",
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
            ),
            models.Index(fields=["name", "at"], name="outbox_name_at"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ProcessedEvent(models.Model):
    """This handler has applied this event: written in the transaction of its effects."""

    event_id = models.UUIDField(_("event"))
    handler = models.CharField(_("handler"), max_length=200)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("processed event")
        verbose_name_plural = _("processed events")
        constraints = [
            models.UniqueConstraint(fields=["event_id", "handler"], name="processed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.event_id}"
