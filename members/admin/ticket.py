"""Talks with shoppers: what waits in front, answered by agents. Source: X-61."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, ReadOnlyInline, VerbPage, run_verb
from members import services
from members.admin.acting import actor_of
from members.models import Ticket, TicketMessage


class TalkForm(forms.Form):
    """What the shop says."""

    text = forms.CharField(label=_("text"), max_length=1000, widget=UnfoldAdminTextareaWidget())


class MessageInline(ReadOnlyInline):
    """What was said."""

    model = TicketMessage
    fields = ("at", "author", "is_staff", "text")
    select_related = ("author",)


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    """Who waits longest stands first among those who wait."""

    list_display = ("number", "kind", "title", "member", "state", "agent", "spoken_at")
    list_filter = ("state", "kind")
    list_select_related = ("member", "agent")
    search_fields = ("=number", "title", "member__nickname")
    inlines = (MessageInline,)
    ordering = ("-state", "spoken_at", "pk")
    actions = ("close",)
    actions_detail = ("answer",)

    def has_talk_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("members.change_ticket"))

    @action(description=_("Answer"), permissions=["talk"], icon="reply")
    def answer(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say something for the shop; who answers first has the talk."""
        row = get_object_or_404(Ticket, pk=object_id)
        actor = actor_of(request)
        said = row.messages.order_by("-at", "-pk").first()

        def run(typed: Any) -> None:
            services.say_as_shop(ticket=row, text=typed["text"], actor=actor, at=clock.now())

        page = VerbPage(
            title=str(row),
            form_class=TalkForm,
            run=run,
            done=_("Sent."),
            back=reverse("admin:members_ticket_change", args=[row.pk]),
            button=_("Send"),
            facts=((_("about"), row.title or "-"), (_("last word"), said.text if said else "-")),
        )
        return page.answer(request, self)

    @admin.action(description=_("Close"), permissions=["talk"])
    def close(self, request: HttpRequest, rows: QuerySet[Ticket]) -> None:
        """Nothing more is to be said."""
        for row in rows:
            verb = partial(
                services.close_ticket, ticket=row, actor=actor_of(request), at=clock.now()
            )
            run_verb(request, verb, _("Closed: %(ticket)s") % {"ticket": row})
