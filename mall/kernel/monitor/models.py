"""Runs of tasks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskRun(models.Model):
    """One run of a Celery task: when, how long, with what result."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    task_id = models.CharField(_("task id"), max_length=64, unique=True)
    name = models.CharField(_("task"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(_("started at"), db_index=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    result = models.TextField(_("result"), blank=True)

    class Meta:
        verbose_name = _("task run")
        verbose_name_plural = _("task runs")
        permissions = [("run_task", _("Can run a timed task now"))]
        indexes = [models.Index(fields=["name", "-started_at"], name="task_run_name")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
