"""Pages of a long list by keyset: page 1,000 costs what page 1 costs, and nothing is counted.

A cursor holds the keys of the row at the edge. It is opaque to clients and checked like any input.
Source: performance.md (no COUNT), reliability.md ATK-91.
"""

import base64
import binascii
import dataclasses
import json
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import InvalidInput

BIGGEST = 2**63 - 1
MAX_CURSOR = 300


@dataclasses.dataclass(frozen=True, slots=True)
class Ordering:
    """Columns compared in turn, all in one direction; together they tell any two rows apart."""

    name: str
    columns: tuple[str, ...]
    is_descending: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after the row with these keys, or before it when ``is_backward``."""

    ordering: str
    keys: tuple[Any, ...]
    is_backward: bool = False
    is_loose: bool = False

    def encode(self) -> str:
        """The cursor as a client sees it."""
        keys = [key.isoformat() if isinstance(key, datetime) else key for key in self.keys]
        content = [self.ordering, keys, int(self.is_backward), int(self.is_loose)]
        raw = json.dumps(content, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the cursors of its neighbours; of a search also the words and the
    tsquery that found them, which are not the typed ones when it ``is_loose``."""

    rows: list[dict[str, Any]]
    next_cursor: str | None = None
    previous_cursor: str | None = None
    is_loose: bool = False
    asked: tuple[str, ...] = ()
    literal: str = ""


def decode(text: str, ordering: Ordering) -> Cursor:
    """Read a client's cursor. Raises: InvalidInput for anything this list did not give out."""
    try:
        raw = base64.urlsafe_b64decode(text[:MAX_CURSOR] + "=" * (-len(text) % 4))
        name, keys, is_backward, is_loose = json.loads(raw)
        values = tuple(
            _key(column, key) for column, key in zip(ordering.columns, keys, strict=True)
        )
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise bad_cursor() from error
    if name != ordering.name or is_backward not in (0, 1) or is_loose not in (0, 1):
        raise bad_cursor()
    return Cursor(name, values, bool(is_backward), bool(is_loose))


def bad_cursor() -> InvalidInput:
    """The refusal of a cursor."""
    return InvalidInput(field="cursor", allowed=_("a cursor out of next or previous"))


def page_of(
    rows: "QuerySet[Any, dict[str, Any]]",
    *,
    ordering: Ordering,
    cursor: Cursor | None,
    page_size: int,
    is_loose: bool = False,
) -> Page:
    """One page of a values() queryset. Queries: 1."""
    found = front(rows, ordering=ordering, cursor=cursor, page_size=page_size)
    return cut(
        list(found), ordering=ordering, cursor=cursor, page_size=page_size, is_loose=is_loose
    )


def cut(
    found: list[dict[str, Any]],
    *,
    ordering: Ordering,
    cursor: Cursor | None,
    page_size: int,
    is_loose: bool = False,
) -> Page:
    """The page that was read with ``front``. Queries: 0."""
    is_backward = cursor is not None and cursor.is_backward
    has_more = len(found) > page_size
    found = found[:page_size]
    if is_backward:
        found.reverse()

    def edge(row: dict[str, Any], backward: bool) -> str:
        keys = tuple(row[column] for column in ordering.columns)
        return Cursor(ordering.name, keys, backward, is_loose).encode()

    has_next = bool(found) and (has_more if not is_backward else True)
    has_previous = bool(found) and (has_more if is_backward else cursor is not None)
    return Page(
        rows=found,
        next_cursor=edge(found[-1], False) if has_next else None,
        previous_cursor=edge(found[0], True) if has_previous else None,
        is_loose=is_loose,
    )


def front(rows: Any, *, ordering: Ordering, cursor: Cursor | None, page_size: int) -> Any:
    """The rows of a page, as they lie from its edge on, and one more. Queries: none until read."""
    is_backward = cursor is not None and cursor.is_backward
    if cursor is not None:
        rows = rows.filter(_beyond(ordering, cursor))
    sign = "-" if ordering.is_descending != is_backward else ""
    return rows.order_by(*[sign + column for column in ordering.columns])[: page_size + 1]


def _beyond(ordering: Ordering, cursor: Cursor) -> Q:
    """(a, b) < (x, y) spelt out; the leading a <= x lets PostgreSQL start inside the index."""
    lookup = "lt" if ordering.is_descending != cursor.is_backward else "gt"
    condition, equal = Q(), Q()
    for column, key in zip(ordering.columns, cursor.keys, strict=True):
        condition |= equal & Q(**{f"{column}__{lookup}": key})
        equal &= Q(**{column: key})
    return Q(**{f"{ordering.columns[0]}__{lookup}e": cursor.keys[0]}) & condition


def _key(column: str, value: Any) -> Any:
    if column.endswith("_at"):
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError(value)
        return at
    if type(value) is not int or not -BIGGEST <= value <= BIGGEST:
        raise ValueError(value)
    return value


def read_page_size(text: str | None, *, default: int = 20, biggest: int = 100) -> int:
    """``page_size`` of a query string. Raises: InvalidInput outside 1 to ``biggest``."""
    if text is None:
        return default
    is_short = len(text) <= len(str(biggest))  # 00001000 is a thousand
    if not (is_short and text.isascii() and text.isdigit() and 1 <= int(text) <= biggest):
        raise InvalidInput(
            field="page_size",
            allowed=_("a whole number from 1 to %(biggest)s") % {"biggest": biggest},
        )
    return int(text)
