"""Stored answers of keyed calls."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyRecord(models.Model):
    """The 2xx answer that a key has earned; the same key gets it again for seven days."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account")
    )
    route = models.CharField(_("route"), max_length=120)
    key = models.CharField(_("key"), max_length=64)
    request_hash = models.CharField(_("request hash"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    body = models.JSONField(_("answer"))
    headers = models.JSONField(_("headers"), default=dict)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "route", "key"], name="idempotency_once_per_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
