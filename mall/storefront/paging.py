"""Pages of a member's own lists: orders, points, messages. Short lists, so by number.

Long public lists go by keyset in catalog; here a page is a slice, at most MOST_PAGES deep.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from mall.storefront.links import here

SIZE = 10
MOST_PAGES = 500


def page_of(
    request: HttpRequest, rows: QuerySet[Any], size: int = SIZE
) -> tuple[list[Any], dict[str, Any]]:
    """The rows of the page that ``?page=`` asks for, and ``page`` of docs/pages.md. Queries: 1."""
    number = page_number(request.GET.get("page", ""))
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    more = here(request, page=str(number + 1)) if len(found) > size else None
    return found[:size], {"next": more, "previous": number > 1 or None, "size": size}


def page_number(text: str) -> int:
    """A page number of an address; what is none is the first."""
    is_number = text.isascii() and text.isdigit() and len(text) < 5
    return min(max(int(text), 1), MOST_PAGES) if is_number else 1
