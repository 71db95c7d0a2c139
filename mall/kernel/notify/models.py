"""Messages to people."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class Message(models.Model):
    """One message on one channel. Inbox messages wait for their reader, the others for the
    sender."""

    class Channel(models.TextChoices):
        INBOX = "inbox", _("inbox")
        SMS = "sms", _("SMS")
        EMAIL = "email", _("e-mail")
        WECHAT = "wechat", _("WeChat")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("recipient")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    template = models.CharField(_("template"), max_length=60)
    params = models.JSONField(_("params"), default=dict)
    route = models.CharField(_("route"), max_length=60, blank=True)
    route_args = models.JSONField(_("route arguments"), default=list)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    source = models.CharField(
        _("source"), max_length=120, blank=True, help_text=_("What caused it; one message a cause.")
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["account", "channel", "-at", "-id"], name="message_inbox"),
            models.Index(fields=["next_at"], name="message_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "channel", "template", "source"],
                condition=~Q(source=""),
                name="message_once_per_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
