"""Filters whose choices are known without asking the table."""

from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import DropdownFilter

from mall.console.audit_words import VERBS
from mall.console.timers import TITLES

ROOMS = ("members", "catalog", "inventory", "promotions", "orders", "analytics", "kernel")


class RoomFilter(admin.SimpleListFilter):
    """Audit rows by the app of their thing."""

    title = _("Area")
    parameter_name = "area"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(label, apps.get_app_config(label).verbose_name) for label in ROOMS]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return (
            queryset.filter(target_type__startswith=f"{self.value()}.")
            if self.value()
            else queryset
        )


class VerbFilter(DropdownFilter):
    """Audit rows by what was done; the deeds of one area stand together."""

    title = pgettext_lazy("audit trail", "Deed")
    parameter_name = "deed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        named = {verb: f"{_area(verb)} · {words}" for verb, words in VERBS.items()}
        return sorted(named.items(), key=lambda choice: choice[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(verb=self.value()) if self.value() else queryset


def _area(verb: str) -> str:
    label = verb.partition(".")[0]
    return str(apps.get_app_config(label).verbose_name if label in ROOMS else _("Demo"))


class TimerFilter(admin.SimpleListFilter):
    """Runs of one timer."""

    title = _("Timed task")
    parameter_name = "timer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(TITLES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(name=self.value()) if self.value() else queryset


class DeliveryFilter(admin.SimpleListFilter):
    """Events by what became of them."""

    title = _("State")
    parameter_name = "delivery"
    STATES: ClassVar[dict[str, dict[str, bool]]] = {
        "waiting": {"done_at__isnull": True, "dead_at__isnull": True},
        "dead": {"dead_at__isnull": False},
        "done": {"done_at__isnull": False},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("waiting")), ("dead", _("given up")), ("done", _("delivered"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**self.STATES.get(self.value() or "", {}))
