"""Live sessions (直播): a window in which the coupons bound to it can be claimed. Source: P-12."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet
from mall.kernel.words import localized


class LiveSession(models.Model):
    """One broadcast. It is on from ``starts_at`` to ``ends_at``; ending early moves the end."""

    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    host = models.CharField(_("host"), max_length=40, blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("live session")
        verbose_name_plural = _("live sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="live_session_window_in_order"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def is_on(self, at: datetime) -> bool:
        """True while the session runs, its end excluded."""
        return self.starts_at <= at < self.ends_at
