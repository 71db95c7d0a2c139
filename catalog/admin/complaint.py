"""Infringement cases: read the papers, take down, keep the counter notice, close. Source: C-63."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from catalog.admin.acting import actor_of
from catalog.models import Complaint, ComplaintEntry, ComplaintPaper
from catalog.services import accept_complaint, close_complaint, counter_complaint
from catalog.services.complaining import OUTCOMES
from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, ReadOnlyInline, VerbPage
from mall.kernel.db import refuse_unsafe_text

KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
State = Complaint.State


class NoteForm(forms.Form):
    """What is written into the log."""

    note = forms.CharField(
        label=_("note"),
        max_length=2000,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )


class CounterForm(NoteForm):
    """What the seller answers, with its paper."""

    file = forms.FileField(
        label=_("counter notice"),
        required=False,
        help_text=_("PDF, JPEG or PNG, at most 5 MB."),
        widget=UnfoldAdminFileFieldWidget(),
    )


class ClosingForm(NoteForm):
    """How the case ends."""

    outcome = forms.ChoiceField(
        label=_("outcome"),
        choices=[choice for choice in Complaint.Outcome.choices if choice[0]],
        widget=UnfoldAdminSelectWidget(),
    )


class EntryInline(ReadOnlyInline):
    """The log, in order."""

    model = ComplaintEntry
    fields = ("at", "state", "note", "actor")
    hide_title = True


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    """The newest case first; every move is a page of its own."""

    inlines = (EntryInline,)
    list_display = ("number", "product", "right", "holder", "stands", "outcome", "received_at")
    list_filter = ("state", "outcome", "right")
    list_select_related = ("product",)
    search_fields = ("=number", "holder", "product__title_zh", "=product__code")
    date_hierarchy = "received_at"
    fields = (
        ("number", "state", "outcome"),
        "product",
        ("right", "right_number"),
        "holder",
        ("contact", "phone", "email"),
        "text",
        "papers",
        ("received_at", "closed_at"),
    )
    readonly_fields = ("papers",)
    masked_fields = ("contact", "phone", "email", "papers")
    mask_permission = "catalog.decide_complaint"
    actions_detail = ("accept_one", "counter_one", "close_one")

    def get_urls(self) -> list[Any]:
        read = self.admin_site.admin_view(self.paper)
        own = path("paper/<int:paper_id>/", read, name="catalog_complaint_paper")
        return [own, *super().get_urls()]

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("catalog.decide_complaint"))

    @display(
        description=_("state"),
        ordering="state",
        label={
            State.RECEIVED.label: "warning",
            State.TAKEN_DOWN.label: "danger",
            State.COUNTERED.label: "info",
            State.CLOSED.label: "success",
        },
    )
    def stands(self, row: Complaint) -> str:
        return str(row.get_state_display())

    @admin.display(description=_("papers"))
    def papers(self, row: Complaint) -> str:
        rows = row.papers.defer("content")
        links = (
            (reverse("admin:catalog_complaint_paper", args=[one.pk]), one.get_kind_display())
            for one in rows
        )
        return format_html("{}", format_html_join(" · ", '<a href="{}">{}</a>', links)) or "-"

    def paper(self, request: HttpRequest, paper_id: int) -> HttpResponse:
        """One paper, as a download: what strangers sent is never shown inside the console."""
        if not request.user.has_perm("catalog.decide_complaint"):
            raise Http404
        paper = get_object_or_404(ComplaintPaper, pk=paper_id)
        kind = KINDS[paper.name.rpartition(".")[2]]
        headers = {
            "Content-Disposition": f'attachment; filename="{paper.name}"',
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(bytes(paper.content), content_type=kind, headers=headers)

    @action(description=_("Accept and take down"), permissions=["decide"], icon="gavel")
    def accept_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The product goes off sale at once."""
        row, page = self._page(object_id, _("The product is off sale."), _("Take down"))
        deed = partial(accept_complaint, complaint=row, at=clock.now(), actor=actor_of(request))
        return page(form_class=NoteForm, run=lambda typed: deed(**typed)).answer(request, self)

    @action(description=_("Counter notice"), permissions=["decide"], icon="reply")
    def counter_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the seller answers; the product stays off sale."""
        row, page = self._page(object_id, _("The counter notice is kept."), _("Keep"))
        deed = partial(counter_complaint, complaint=row, at=clock.now(), actor=actor_of(request))

        def run(typed: Any) -> Complaint:
            return deed(note=typed["note"], files=[one for one in [typed["file"]] if one])

        return page(form_class=CounterForm, run=run).answer(request, self)

    @action(description=_("Close"), permissions=["decide"], icon="task_alt")
    def close_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How it ends; a product comes back when somebody publishes it again."""
        row, page = self._page(object_id, _("The case is closed."), _("Close"))
        ends = [Complaint.Outcome(code).label for code in sorted(OUTCOMES.get(row.state, ()))]
        deed = partial(close_complaint, complaint=row, at=clock.now(), actor=actor_of(request))
        facts = ((_("may end as"), "; ".join(str(end) for end in ends) or "-"),)
        made = page(form_class=ClosingForm, run=lambda typed: deed(**typed), facts=facts)
        return made.answer(request, self)

    def _page(self, object_id: str, done: Any, button: Any) -> tuple[Complaint, Any]:
        """A case, and a page about it that lacks its form and its deed."""
        row = get_object_or_404(Complaint.objects.select_related("product"), pk=object_id)
        back = reverse("admin:catalog_complaint_change", args=[row.pk])
        title = f"{row.number} · {row.product.title_zh}"
        return row, partial(VerbPage, title=title, done=done, button=button, back=back)
