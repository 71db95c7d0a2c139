"""Which pages all strangers share, by which of their cookies and parameters they differ.

A page that is not named here is made for everybody who asks (docs/caching.md).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, QueryDict

from mall.kernel.caching import Window
from mall.storefront.fragments import fill
from mall.storefront.shopper import CART_COOKIE
from mall.storefront.views.preferences import (
    REGION_COOKIE,
    THEME_COOKIE,
    chosen_region,
    theme_of,
)
from mall.storefront.welcome import WELCOME_COOKIE

FRESH_COOKIE = "fresh"
"""Left by a refused form: this browser wants pages with a token of its own (ADR 14)."""
MESSAGES_COOKIE = "messages"
LONGEST_QUERY = 1_000
VARY = ("Cookie",)


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page: its path below the language, the parameters it reads, the cookies it may
    leave."""

    path: str
    params: frozenset[str] = frozenset()
    prefix: str = "\0"
    marks: tuple[str, ...] = ()

    def canonical(self, query: str) -> str:
        """The parameters that the page reads, in one order, whatever else the address names."""
        if not query:
            return ""
        asked = QueryDict(query)
        known = QueryDict(mutable=True)
        for name in sorted(asked):
            values = [value for value in asked.getlist(name) if value]
            if values and (name in self.params or name.startswith(self.prefix)):
                known.setlist(name, values)
        return known.urlencode()


SLUG = r"[-a-zA-Z0-9_]+/"
LISTED = frozenset(
    {"q", "brand", "price_min", "price_max", "in_stock", "region", "ordering", "cursor"}
)
PAGES = {
    "home": Page("", marks=(WELCOME_COOKIE,)),
    "categories": Page("categories/"),
    "category": Page(f"category/{SLUG}", LISTED, "attr."),
    "brand": Page(f"brand/{SLUG}", LISTED | {"category"}, "attr."),
    "search": Page("search/", LISTED | {"category", "exact"}, "attr."),
    "product": Page(r"product/[0-9]{1,18}/", frozenset({"sku", "source"}), "option_"),
    "help": Page(f"help/{SLUG}"),
    "topics": Page("topics/"),
    "topic": Page(f"topic/{SLUG}"),
}
ADDRESSES = re.compile(
    "/(?:en/)?(?:" + "|".join(f"(?P<{name}>{page.path})" for name, page in PAGES.items()) + ")"
)


def page_window(request: HttpRequest) -> Window | None:
    """How the visitor may share this page; None when it is not one of PAGES."""
    found = ADDRESSES.fullmatch(request.path_info)
    if found is None:
        return None
    page = PAGES[str(found.lastgroup)]
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY or is_somebody(request.COOKIES):
        return Window(is_personal=True, vary=VARY)
    cookies = shared_cookies(request, page)
    canonical = page.canonical(query)
    parts = (request.path_info, canonical, *(f"{n}={v}" for n, v in sorted(cookies.items())))
    return Window(
        key=key_of("page", request, parts),
        query=canonical,
        cookies=cookies,
        marks=page.marks,
        vary=VARY,
        fill=fill if CART_COOKIE in request.COOKIES else None,
    )


def is_somebody(cookies: Mapping[str, str]) -> bool:
    """True for who has signed in, has a message waiting, or needs tokens in forms."""
    names = (settings.SESSION_COOKIE_NAME, MESSAGES_COOKIE, FRESH_COOKIE)
    return any(cookies.get(name) for name in names)


def shared_cookies(request: HttpRequest, page: Page) -> dict[str, str]:
    """What the visitor chose without saying who they are, only where it is a choice we know."""
    if not request.COOKIES:
        return {}
    theme, region = theme_of(request), chosen_region(request)
    chosen = {THEME_COOKIE: "" if theme == "auto" else theme, REGION_COOKIE: region}
    marks = {name: "1" for name in page.marks if name in request.COOKIES}
    return {name: value for name, value in {**chosen, **marks}.items() if value}


def key_of(kind: str, request: HttpRequest, parts: Iterable[str]) -> str:
    """A key of fixed length. Raises: DisallowedHost."""
    whole = "\n".join((request.scheme or "", request.get_host(), *parts))
    return f"{kind}:{blake2b(whole.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"
