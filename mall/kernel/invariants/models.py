"""What the judge found, night after night."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AuditRun(models.Model):
    """One run over every invariant and every balance."""

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"))
    checked = models.PositiveIntegerField(_("laws checked"))
    broken = models.PositiveIntegerField(_("laws broken"))
    compared = models.PositiveIntegerField(_("balances compared"), default=0)
    differing = models.PositiveIntegerField(_("balances that differ"), default=0)

    class Meta:
        verbose_name = _("audit run")
        verbose_name_plural = _("audit runs")
        permissions = [("get_audit_alerts", _("Is told when the books are wrong"))]
        indexes = [models.Index(fields=["-started_at"], name="audit_run_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(broken__lte=F("checked"), differing__lte=F("compared")),
                name="audit_run_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class AuditFinding(models.Model):
    """One law that a run found broken, or one balance that differed, and the first rows of it."""

    class Kind(models.TextChoices):
        INVARIANT = "invariant", _("law")
        BALANCE = "balance", _("balance")

    run = models.ForeignKey(
        AuditRun, models.CASCADE, related_name="findings", verbose_name=_("audit run")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    code = models.CharField(_("code"), max_length=40)
    rows = models.JSONField(
        pgettext_lazy("finding", "rows"),
        default=list,
        help_text=_("The first rows that break it."),
    )
    is_new = models.BooleanField(
        _("new"), default=True, help_text=_("The run before had not found it.")
    )

    class Meta:
        verbose_name = _("audit finding")
        verbose_name_plural = _("audit findings")
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "code"], name="audit_finding_once"),
        ]

    def __str__(self) -> str:
        return self.code
