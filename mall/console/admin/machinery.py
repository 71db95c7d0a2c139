"""What runs by itself: tasks, events on their way, messages to people."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from mall.console.admin.filters import DeliveryFilter, TimerFilter
from mall.console.timers import TITLES
from mall.kernel import clock, outbox
from mall.kernel.admin import ReadOnlyAdmin
from mall.kernel.monitor.models import TaskRun
from mall.kernel.notify import render
from mall.kernel.notify.models import Message
from mall.kernel.outbox.models import OutboxEvent

SHORT = 80


@admin.register(TaskRun)
class TaskRunAdmin(ReadOnlyAdmin):
    """Runs of tasks, the newest first (X-34)."""

    list_display = ("started_at", "task", "state_label", "seconds", "short_result")
    list_filter = ("state", TimerFilter, ("started_at", RangeDateFilter))
    list_filter_submit = True
    search_fields = ("name", "=task_id")
    ordering = ("-started_at", "-pk")
    fields = ("task", "name", "task_id", "state", "started_at", "finished_at", "seconds", "result")
    readonly_fields = fields

    @admin.display(description=_("task"), ordering="name")
    def task(self, run: TaskRun) -> str:
        return str(TITLES.get(run.name, run.name))

    @display(
        description=_("state"),
        ordering="state",
        label={"running": "info", "done": "success", "failed": "danger"},
    )
    def state_label(self, run: TaskRun) -> tuple[str, str]:
        return run.state, run.get_state_display()

    @admin.display(description=_("seconds"))
    def seconds(self, run: TaskRun) -> str:
        if run.finished_at is None:
            return ""
        tenths = (run.finished_at - run.started_at) // timedelta(milliseconds=100)
        return f"{tenths // 10}.{tenths % 10}"

    @admin.display(description=_("result"))
    def short_result(self, run: TaskRun) -> str:
        return Truncator(run.result).chars(SHORT)


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Events until they are delivered; a dead one can be tried again."""

    list_display = ("at", "name", "state_label", "attempts", "short_error")
    list_filter = (DeliveryFilter, ("at", RangeDateFilter))
    list_filter_submit = True
    search_fields = ("name", "=id")
    ordering = ("-at", "-pk")
    fields = (
        "name",
        "id",
        "at",
        "next_at",
        "attempts",
        "done_at",
        "dead_at",
        "last_error",
        "payload",
    )
    readonly_fields = fields
    actions = ("try_again",)

    @display(
        description=_("state"),
        label={"waiting": "info", "done": "success", "dead": "danger"},
    )
    def state_label(self, event: OutboxEvent) -> tuple[str, str]:
        if event.dead_at:
            return "dead", str(_("given up"))
        return ("done", str(_("delivered"))) if event.done_at else ("waiting", str(_("waiting")))

    @admin.display(description=_("last error"))
    def short_error(self, event: OutboxEvent) -> str:
        return Truncator(event.last_error).chars(SHORT)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Needed by ``try_again``."""
        return bool(request.user.has_perm("kernel.retry_outboxevent"))

    @admin.action(description=_("Try again what was given up"), permissions=["retry"])
    def try_again(self, request: HttpRequest, events: QuerySet[OutboxEvent]) -> None:
        ids = list(events.values_list("pk", flat=True))
        tried = outbox.retry_dead(event_ids=ids, actor=request.user, at=clock.now())
        words = ngettext("%(n)d event is due again.", "%(n)d events are due again.", tried)
        self.message_user(request, words % {"n": tried})


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What people were told, on which channel, and whether it left."""

    list_display = ("at", "recipient", "channel", "headline", "state_label", "error")
    list_filter = ("state", "channel", ("at", RangeDateFilter))
    list_filter_submit = True
    list_select_related = ("account",)
    search_fields = ("template", "=account__username")
    ordering = ("-at", "-pk")
    fields = (
        "at",
        "recipient",
        "channel",
        "template",
        "words",
        "state",
        "attempts",
        "error",
        "sent_at",
    )
    readonly_fields = (*fields, "read_at")

    @admin.display(description=_("recipient"), ordering="account")
    def recipient(self, message: Message) -> str:
        return str(message.account)

    @display(
        description=_("state"),
        ordering="state",
        label={"waiting": "info", "sent": "success", "failed": "danger"},
    )
    def state_label(self, message: Message) -> tuple[str, str]:
        return message.state, message.get_state_display()

    @admin.display(description=_("message"), ordering="template")
    def headline(self, message: Message) -> str:
        """Its first line; the bare template for one that this release does not know."""
        return self.words(message).partition("\n")[0]

    @admin.display(description=_("words"))
    def words(self, message: Message) -> str:
        """As its reader got it; the bare template for one that this release does not know."""
        try:
            return "\n".join(render(message.template, message.params))
        except KeyError:
            return message.template
