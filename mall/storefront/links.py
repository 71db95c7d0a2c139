"""Addresses of one page under other conditions: sorted, narrowed, the next page."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

CURSOR = "cursor"
MOST_KNOWN = 4_096
"""Addresses whose other language a process remembers: looking one up reads the whole house."""


def in_language(address: str, code: str) -> str:
    """This address, its parameters included, in a language of the shop."""
    path, mark, query = address.partition("?")
    return f"{_translated(path, get_language(), code)}{mark}{query}"


@lru_cache(MOST_KNOWN)
def _translated(path: str, here: str | None, code: str) -> str:
    return path if code == here else translate_url(path, code)


def here(request: HttpRequest, *, without: Iterable[str] = (), **values: str | None) -> str:
    """This page with other parameters; a value of None takes one away, the cursor always goes."""
    query = request.GET.copy()
    for name in (CURSOR, *without, *values):
        query.pop(name, None)
    for name, value in values.items():
        if value is not None:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def without_value(request: HttpRequest, name: str, value: str) -> str:
    """This page without one value of a parameter that may have several."""
    query = request.GET.copy()
    query.pop(CURSOR, None)
    query.setlist(name, [kept for kept in query.getlist(name) if kept != value])
    return f"{request.path}?{query.urlencode()}" if query else request.path


def tabs(
    request: HttpRequest, current: str, entries: Sequence[tuple[str, Any, int]], name: str = "tab"
) -> list[dict[str, Any]]:
    """Tabs of (value, label, count); the first one has no value in its address."""
    return [
        {
            "label": label,
            "url": f"{request.path}?{name}={value}" if value else request.path,
            "current": value == current,
            "count": count,
        }
        for value, label, count in entries
    ]


def page_links(
    request: HttpRequest, size: int, *, after: str | None, before: str | None
) -> dict[str, Any]:
    """``page`` of docs/pages.md from the cursors of its neighbours."""
    return {
        "next": here(request, cursor=after) if after else None,
        "previous": before,
        "size": size,
    }
