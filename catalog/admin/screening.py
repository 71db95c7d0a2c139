"""The shop's own say on the screen of words, and a place to try a text."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.admin.acting import actor_of
from catalog.models import ScreeningPhrase, ScreeningTerm
from catalog.services import save_screening_row
from mall.kernel import clock
from mall.kernel.admin import MallAdmin


class ScreeningAdmin(MallAdmin):
    """Rows that change what may be published: every change leaves a trail; none is deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        before = {name: str(form.initial.get(name, "")) for name in form.changed_data}
        save_screening_row(row=obj, before=before, at=clock.now(), actor=actor_of(request))


@admin.register(ScreeningTerm)
class ScreeningTermAdmin(ScreeningAdmin):
    """Words beside those the house knows; one of these may be switched off here too."""

    list_display = ("word", "term_class", "severity", "blocks_titles", "is_active", "note")
    list_filter = ("term_class", "severity", "is_active")
    search_fields = ("word", "note")
    fields = ("word", ("term_class", "severity"), ("blocks_titles", "is_active"), "note")
    ordering = ("word",)


@admin.register(ScreeningPhrase)
class ScreeningPhraseAdmin(ScreeningAdmin):
    """Registered brands and fixed phrases inside which nothing is a hit."""

    list_display = ("phrase", "kind", "is_active", "note")
    list_filter = ("kind", "is_active")
    search_fields = ("phrase", "note")
    fields = ("phrase", ("kind", "is_active"), "note")
    ordering = ("phrase",)
