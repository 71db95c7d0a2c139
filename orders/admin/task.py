"""Exceptions that wait for somebody: mine, all, overdue. Source: requirement O-26."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from mall.kernel import clock
from mall.kernel.admin import OffersByState, ReadOnlyAdmin, VerbPage
from mall.kernel.admin.colours import ColourOf
from orders import services
from orders.admin.acting import actor_of
from orders.admin.forms import OutcomeForm
from orders.admin.task_facts import OUTCOMES, facts_in_words
from orders.admin.task_steps import cause_of, step_of, ways_of
from orders.models import OrderTask

MINE, OPEN, OVERDUE, DONE = "mine", "open", "overdue", "done"


class StandingFilter(admin.SimpleListFilter):
    """Whose, and how urgent."""

    title = _("tasks")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            (MINE, _("Mine")),
            (OPEN, _("All open")),
            (OVERDUE, _("Overdue")),
            (DONE, _("Done")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderTask]) -> QuerySet[OrderTask]:
        is_open = queryset.filter(closed_at__isnull=True)
        chosen: dict[str | None, QuerySet[OrderTask]] = {
            MINE: is_open.filter(assignee_id=request.user.pk),
            OPEN: is_open,
            OVERDUE: is_open.filter(due_at__lte=clock.now()),
            DONE: queryset.filter(closed_at__isnull=False),
        }
        return chosen.get(self.value(), queryset)


def _form_for(task: OrderTask) -> type[forms.Form]:
    """The operators whose work it is."""
    field = forms.ModelChoiceField(
        label=_("assigned to"),
        queryset=services.workers_for(task.kind).order_by("username"),
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
    )
    return type("AssigneeForm", (forms.Form,), {"assignee": field})


@admin.register(OrderTask)
class OrderTaskAdmin(OffersByState, ReadOnlyAdmin):
    """One row a cause."""

    spoken = {"outcome": OUTCOMES}

    list_display = ("kind", "cause", "order", "assignee", "opened_at", "due_at", "standing")
    list_filter = (StandingFilter, "kind")
    list_select_related = ("order", "assignee")
    search_fields = ("=reference", "=order__number")
    ordering = ("closed_at", "due_at", "pk")
    readonly_fields = ("cause", "standing", "about", "next_step", "ways")
    fields = ("kind", "cause", "about", "next_step", "ways", "assignee", "opened_at", "due_at",
              "escalated_at", "standing", "closed_at", "closed_by", "outcome")  # fmt: skip
    actions_detail = ("assign", "finish")
    offers = {"open": actions_detail}

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderTask]:
        """Open ones first."""
        found = super().get_queryset(request)
        return found.order_by(F("closed_at").desc(nulls_first=True), "due_at", "pk")

    def state_of(self, row: OrderTask | None) -> str:
        """Open until somebody, or the shop itself, has closed it."""
        return "open" if row is not None and row.closed_at is None else ""

    def has_assign_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.supervise_ordertask"))

    def has_finish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_ordertask"))

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> OrderTask | None:
        """The task with its ways, which depend on who looks."""
        task = super().get_object(request, *args, **kwargs)
        if task is not None:
            task.ways_shown = ways_of(task, request)
        return task

    @admin.display(description=_("cause"), ordering="reference")
    def cause(self, task: OrderTask) -> str:
        return cause_of(task)

    @admin.display(description=_("what to do"))
    def next_step(self, task: OrderTask) -> str:
        return "" if task.closed_at else str(step_of(task).says)

    @admin.display(description=_("where to do it"))
    def ways(self, task: OrderTask) -> str:
        return getattr(task, "ways_shown", "")

    @admin.display(description=_("facts"))
    def about(self, task: OrderTask) -> str:
        return facts_in_words(task.facts)

    @display(
        description=_("state"),
        label=ColourOf({_("open"): "info", _("overdue"): "danger", _("done"): "success"}),
    )
    def standing(self, task: OrderTask) -> str:
        if task.closed_at is not None:
            return str(_("done"))
        return str(_("overdue") if task.due_at <= clock.now() else _("open"))

    @action(description=_("Assign"), permissions=["assign"], icon="person_add")
    def assign(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand it to somebody whose work it is."""
        task = get_object_or_404(OrderTask, pk=object_id)
        verb = partial(
            services.assign_task, task_id=task.pk, actor=actor_of(request), at=clock.now()
        )
        page = VerbPage(
            title=str(task.get_kind_display()),
            form_class=_form_for(task),
            run=lambda typed: verb(**typed),
            done=_("The task is handed on."),
            back=reverse("admin:orders_ordertask_changelist"),
            button=_("Assign"),
            facts=((_("cause"), task.reference),),
        )
        return page.answer(request, self)

    @action(description=_("Done"), permissions=["finish"], icon="task_alt")
    def finish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Somebody has seen to it, and says how."""
        task = get_object_or_404(OrderTask, pk=object_id)
        verb = partial(
            services.finish_task, task_id=task.pk, actor=actor_of(request), at=clock.now()
        )
        page = VerbPage(
            title=str(task.get_kind_display()),
            form_class=OutcomeForm,
            run=lambda typed: verb(**typed),
            done=_("The task is done."),
            back=reverse("admin:orders_ordertask_changelist"),
            button=_("Done"),
            facts=((_("cause"), task.reference),),
        )
        return page.answer(request, self)
