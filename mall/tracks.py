"""What a search found and what was opened from it, noted for the log when the answer goes out.

A view says what it found in a header that stays in the house and in shared copies; so a page out
of the cache is noted as well, and costs no statement. Source: C-53..C-55.
"""

import json
import re
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from catalog.services import Click, Search, note_click, note_search, query_key, session_mark
from mall.kernel import clock
from mall.kernel.client_ip import client_ip

FOUND = "X-Search-Found"
PLACE = "found"
"""A link out of results names its search and its place: ?source=search&found=1f2e3d4c5b6a-3."""
PLACE_SHAPE = re.compile(r"([0-9a-f]{12})-([0-9]{1,4})", re.ASCII)
PRODUCT = re.compile(r"/(?:en/)?product/([0-9]{1,18})/")
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|monitor", re.IGNORECASE)
USED = (200, 304)


def say_found(
    response: HttpResponse,
    query: str,
    found: int,
    *,
    words: Sequence[str] = (),
    corrected: str = "",
) -> None:
    """Say on the answer of a search what it found."""
    response.headers[FOUND] = json.dumps([query, found, list(words)[:4], corrected])


def place_of(query: str, position: int) -> str:
    """The place of a result, as its link names it."""
    return f"{query_key(query)}-{position}"


def remember_search(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Note the search that this answers, or the result that was opened. Queries: 0."""
    said = response.headers.get(FOUND)
    del response.headers[FOUND]
    if ROBOTS.search(request.headers.get("User-Agent", "")):
        return response
    if said:
        _note(request, response, said)
    elif response.status_code in USED and PLACE in request.GET:
        _note_opened(request)
    return response


def _note(request: HttpRequest, response: HttpResponse, said: str) -> None:
    at = clock.now()
    query, found, words, corrected = json.loads(said)
    language = response.get("Content-Language", settings.LANGUAGE_CODE)
    mark = session_mark(_visitor(request), at)
    note_search(Search(query, found, language, mark, words, corrected), at=at)


def _note_opened(request: HttpRequest) -> None:
    path, place = PRODUCT.fullmatch(request.path_info), PLACE_SHAPE.fullmatch(request.GET[PLACE])
    if path is None or place is None:
        return
    at = clock.now()
    mark = session_mark(_visitor(request), at)
    note_click(Click(place[1], int(path[1]), int(place[2]), mark), at=at)


def _visitor(request: HttpRequest) -> str:
    """Something that tells visitors apart for a day; it is hashed before it is kept."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    agent = request.headers.get("User-Agent", "")
    return session or f"{client_ip(request)}|{agent}"
