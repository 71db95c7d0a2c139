"""What shoppers searched: what found nothing, what was opened, which words may mean the same."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from catalog.models import SearchClick, SearchGap, SearchLog, SynonymProposal
from catalog.services import accept_synonym, dismiss_synonym, ignore_gap
from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, actor_of, run_verb


@admin.register(SearchGap)
class SearchGapAdmin(ReadOnlyAdmin):
    """What is asked for most and not found: a synonym that is missing, or goods to take in."""

    list_display = ("query", "times", "last_at", "state", "synonym")
    list_filter = ("state",)
    search_fields = ("query",)
    ordering = ("-times", "query")
    actions_row = ("ignore",)

    @admin.display(description=_("synonym"))
    def synonym(self, row: SearchGap) -> SafeString | str:
        """Leads to a form that has the word already."""
        if row.state != SearchGap.State.OPEN:
            return "-"
        address = reverse("admin:catalog_searchsynonym_add")
        asked = urlencode({"words": f"{row.query.replace(' ', '')} "})
        return format_html('<a href="{}?{}">{}</a>', address, asked, _("Add synonym"))

    def has_ignore_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("catalog.decide_synonym"))

    @action(description=_("Ignore"), permissions=["ignore"], icon="visibility_off")
    def ignore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Nothing that the shop wants to sell."""
        run_verb(
            request,
            lambda: ignore_gap(gap_id=int(object_id), at=clock.now(), actor=actor_of(request)),
            _("The query is ignored."),
        )
        return HttpResponseRedirect(reverse("admin:catalog_searchgap_changelist"))


@admin.register(SearchLog)
class SearchLogAdmin(ReadOnlyAdmin):
    """Searches as they were answered; the visitor is a mark that changes every day."""

    list_display = ("at", "query", "found", "corrected", "language", "session")
    list_filter = ("language",)
    search_fields = ("=query",)
    ordering = ("-at", "-pk")
    show_full_result_count = False


@admin.register(SearchClick)
class SearchClickAdmin(ReadOnlyAdmin):
    """What was opened from results, and where it stood."""

    list_display = ("at", "product", "position", "session")
    list_select_related = ("product",)
    search_fields = ("=product__code",)
    ordering = ("-at", "-pk")
    show_full_result_count = False


@admin.register(SynonymProposal)
class SynonymProposalAdmin(ReadOnlyAdmin):
    """Shoppers found nothing under one word and opened a result of the other."""

    list_display = ("query", "other", "sessions", "last_at", "state", "decided_by")
    list_filter = ("state",)
    list_select_related = ("decided_by",)
    search_fields = ("query", "other")
    ordering = ("-sessions", "query")
    actions_row = ("accept", "dismiss")

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("catalog.decide_synonym"))

    @action(description=_("They mean the same"), permissions=["decide"], icon="task_alt")
    def accept(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The next search knows it."""
        return self._decided(request, object_id, accept_synonym, _("The words are synonyms now."))

    @action(description=_("They do not"), permissions=["decide"], icon="block")
    def dismiss(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The pair is not proposed again."""
        return self._decided(request, object_id, dismiss_synonym, _("The proposal is dismissed."))

    def _decided(
        self, request: HttpRequest, object_id: str, verb: Callable[..., Any], said: Any
    ) -> HttpResponse:
        actor, at = actor_of(request), clock.now()
        run_verb(request, lambda: verb(proposal_id=int(object_id), at=at, actor=actor), said)
        return HttpResponseRedirect(reverse("admin:catalog_synonymproposal_changelist"))
