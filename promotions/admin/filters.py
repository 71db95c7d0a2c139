"""Filters that several lists of activities share."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promotions.models import Campaign

MOST_CHOICES = 50


class ActivityFilter(admin.SimpleListFilter):
    """By the activity that a row's goods (``item``) belong to; the newest ones to choose from."""

    kind: str
    title = _("activity")
    parameter_name = "campaign"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = Campaign.objects.filter(kind=self.kind).order_by("-starts_at", "-pk")
        return [
            (str(pk), title) for pk, title in found.values_list("pk", "title_zh")[:MOST_CHOICES]
        ]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        is_id = chosen.isascii() and chosen.isdigit() and len(chosen) <= 18
        return rows.filter(item__campaign=int(chosen)) if is_id else rows
