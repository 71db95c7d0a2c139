"""Which answers of the API all callers share: the catalogue, which asks nobody who they are.

Source: docs/caching.md. Copies are counted by no throttle; making one is.
"""

import re
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import translation

from mall.kernel.caching import Window

VARY = ("Accept-Language", "Accept")
READS_ITS_CALLER = frozenset({"home", "topic"})
"""Answers that are others for members, who say who they are."""
LONGEST_QUERY = 1_000
FILTERS = frozenset(
    {
        "q", "category", "brand", "price_min_fen", "price_max_fen", "in_stock", "region",
        "ordering", "cursor", "page_size", "exact",
    }
)  # fmt: skip
ANSWERS: dict[str, tuple[str, frozenset[str]]] = {
    "home": ("home/", frozenset({"region"})),
    "categories": ("categories/", frozenset()),
    "brands": ("brands/", frozenset()),
    "products": ("products/", FILTERS),
    "facets": ("facets/", FILTERS),
    "product": ("products/[0-9]{1,18}/", frozenset({"region"})),
    "topics": ("topics/", frozenset()),
    "topic": ("topics/[-a-zA-Z0-9_]+/", frozenset({"region"})),
}
ADDRESSES = re.compile(
    "/api/v1/catalog/(?:" + "|".join(f"(?P<{n}>{path})" for n, (path, _) in ANSWERS.items()) + ")"
)
ATTRIBUTES = "attr."


def answer_window(request: HttpRequest) -> Window | None:
    """How callers may share this answer; None when it is not one of ANSWERS."""
    if not request.path_info.startswith("/api/"):
        return None
    found = ADDRESSES.fullmatch(request.path_info)
    if found is None:
        return None
    query = request.META.get("QUERY_STRING", "")
    name = str(found.lastgroup)
    vary = (*VARY, "Authorization") if name in READS_ITS_CALLER else VARY
    is_own = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or not takes_json(request)
    is_known = name in READS_ITS_CALLER and "HTTP_AUTHORIZATION" in request.META
    if is_own or is_known or len(query) > LONGEST_QUERY:
        return Window(is_personal=True, vary=vary)
    canonical = known_part(name, query)
    language = translation.get_language_from_request(request)
    parts = (request.scheme or "", request.get_host(), request.path_info, canonical, language)
    digest = blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16)
    return Window(key=f"answer:{digest.hexdigest()}", query=canonical, vary=vary)


def takes_json(request: HttpRequest) -> bool:
    """True for who did not ask for something else."""
    accept = request.headers.get("Accept", "*/*")
    return "*/*" in accept or "application/json" in accept


def known_part(name: str, query: str) -> str:
    """The parameters that the answer reads, in one order."""
    params = ANSWERS[name][1]
    asked, known = QueryDict(query), QueryDict(mutable=True)
    for key in sorted(asked):
        if key in params or (params is FILTERS and key.startswith(ATTRIBUTES)):
            known.setlist(key, asked.getlist(key))
    return known.urlencode()
