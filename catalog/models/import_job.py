"""Files of goods on their way into the shop: one job a file, one row for what came of each part.

Source: requirement C-50. Rules: docs/imports.md.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet


class ImportJobQuerySet(LockableQuerySet):
    def open(self) -> "ImportJobQuerySet":
        """Jobs that still have goods to bring in."""
        return self.filter(status__in=[ImportJob.Status.WAITING, ImportJob.Status.RUNNING])


class ImportJob(models.Model):
    """A file with its progress; ``cursor`` is how many of its goods are dealt with.

    A batch of goods, its rows and the cursor are one transaction, so a job that was killed goes on
    behind the last batch. ``content`` is the packed file: it holds costs, so it lies in no folder
    that is served.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("cannot be read")

    name = models.CharField(_("file"), max_length=120)
    content = models.BinaryField(_("content"))
    file_format = models.CharField(_("format"), max_length=10)
    is_trial = models.BooleanField(_("only tried"), default=False)
    warehouse_code = models.CharField(_("warehouse"), max_length=20, blank=True)
    sets_stock = models.BooleanField(
        _("sets stock"),
        default=False,
        db_default=False,
        help_text=_("Stock in the file is what the warehouse has, not only opening stock."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    total = models.PositiveIntegerField(_("goods"), default=0)
    cursor = models.PositiveIntegerField(_("done"), default=0)
    problems = models.PositiveIntegerField(_("problems"), default=0)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    failure = models.CharField(_("why not"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    created_at = models.DateTimeField(_("asked at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of goods")
        verbose_name_plural = _("imports of goods")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["id"],
                name="import_job_open",
                condition=Q(status__in=["waiting", "running"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cursor__lte=F("total")), name="import_cursor_within_the_file"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING)


class ImportRow(models.Model):
    """What came of one product of a file, or one thing in it that was not taken."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("made")
        UPDATED = "updated", _("changed")
        UNCHANGED = "unchanged", _("the same already")
        FAILED = "failed", _("not taken")
        PROBLEM = "problem", _("problem")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows", verbose_name=_("file"))
    place = models.CharField(_("line"), max_length=160)
    code = models.CharField(_("product"), max_length=60, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    field = models.CharField(_("column"), max_length=60, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        indexes = [models.Index(fields=["job", "outcome", "id"], name="import_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.place}: {self.outcome}"
