"""sitemap.xml and robots.txt: what search engines may find here (C-51).

An index names one map of lists and texts and as many maps of goods as there are blocks of 25,000
ids; each address stands in both languages, so no map has more than the 50,000 that are allowed.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.selectors import (
    Branch,
    brands,
    category_tree,
    mapped_blocks,
    mapped_products,
)
from mall.kernel import clock
from mall.storefront.seo import LANGUAGES, absolute
from promotions.selectors import site_words, topic_pages

HEADING = '<?xml version="1.0" encoding="UTF-8"?>\n'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
MAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
PIECE = 500
"""Products a chunk of the stream."""
HOUR = 3600
CLOSED = (
    "/admin/", "/api/", "/cart/", "/checkout/", "/orders/", "/after-sales/", "/pay/", "/me/",
    "/login/", "/logout/", "/register/", "/password/", "/verify/", "/preview/", "/sandbox/",
)  # fmt: skip
PLAIN = ("home", "categories", "search", "flashes", "groups", "coupons", "stores", "topics")
Address = tuple[str, str, date | datetime | None]
"""Path in Chinese, path in English, last change."""


@require_safe
@cache_control(public=True, max_age=HOUR)
def robots(request: HttpRequest) -> HttpResponse:
    """What is nobody's business but the visitor's, and where the maps are. Queries: 0."""
    lines = ["User-agent: *"]
    for path in CLOSED:
        lines += [f"Disallow: {path}", f"Disallow: /en{path}"]
    lines += ["Disallow: /search/?", "Disallow: /en/search/?", ""]
    lines += [f"Sitemap: {absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=HOUR)
def index(request: HttpRequest) -> StreamingHttpResponse:
    """All maps. Queries: 1, however many products."""
    entries = [f"<sitemap><loc>{absolute(reverse('sitemap_pages'))}</loc></sitemap>"]
    for block, changed_at in mapped_blocks(clock.now()):
        address = absolute(reverse("sitemap_products", args=[block]))
        entries.append(f"<sitemap><loc>{address}</loc>{last(changed_at)}</sitemap>")
    return xml([HEADING, INDEX, "\n".join(entries), "\n</sitemapindex>\n"])


@require_safe
@cache_control(public=True, max_age=HOUR)
def pages(request: HttpRequest) -> StreamingHttpResponse:
    """Lists and texts. Queries: 4 at most."""
    return xml([HEADING, MAP, *drawn(plain_pages()), "</urlset>\n"])


@require_safe
@cache_control(public=True, max_age=HOUR)
def products(request: HttpRequest, block: int) -> StreamingHttpResponse:
    """One block of goods on the shelf, written as it is read. Queries: 1."""
    found = iter(mapped_products(block, clock.now()))
    first = next(found, None)
    if first is None:
        raise Http404
    return xml(stream(chain([first], found)))


def stream(rows: Iterable[tuple[int, datetime | None]]) -> Iterator[str]:
    """The map of a block in pieces."""
    yield HEADING + MAP
    zh, en, _changed = address("product", 1)
    for piece in batched(rows, PIECE):
        goods = [
            (zh.replace("/1/", f"/{pk}/"), en.replace("/1/", f"/{pk}/"), changed_at)
            for pk, changed_at in piece
        ]
        yield "".join(drawn(goods))
    yield "</urlset>\n"


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The rows in lists of so many."""
    walk = iter(rows)
    while piece := list(islice(walk, size)):
        yield piece


def xml(pieces: Iterable[str]) -> StreamingHttpResponse:
    """An XML answer; no search engine shows it as a result."""
    response = StreamingHttpResponse(pieces, content_type="application/xml; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def plain_pages() -> Iterator[Address]:
    """Everything but goods."""
    for name in PLAIN:
        yield address(name)
    for branch in branches(category_tree()):
        yield address("category", branch.slug)
    for brand in brands():
        yield address("brand", brand["slug"])
    for page in site_words()["help"]:
        yield address("help", page["slug"])
    for topic in topic_pages(clock.now()):
        yield address("topic", topic.slug)


def branches(roots: Iterable[Branch]) -> Iterator[Branch]:
    """The tree, every branch before what is below it."""
    for root in roots:
        yield root
        yield from branches(root.children)


def address(name: str, *args: object) -> Address:
    """A page in both languages."""
    zh, en = (path_of(name, args, code) for code, _tag in LANGUAGES)
    return zh, en, None


def path_of(name: str, args: tuple[object, ...], code: str) -> str:
    """The path of a page in one language."""
    with translation.override(code):
        return reverse(f"storefront:{name}", args=args)


def drawn(addresses: Iterable[Address]) -> Iterator[str]:
    """Each address in both languages, each naming the other."""
    for zh, en, changed_at in addresses:
        urls = [escape(absolute(path)) for path in (zh, en)]
        tags = [tag for _code, tag in LANGUAGES]
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{url}"/>'
            for tag, url in zip((*tags, "x-default"), (*urls, urls[0]), strict=True)
        )
        for url in urls:
            yield f"<url><loc>{url}</loc>{last(changed_at)}{links}</url>\n"


def last(changed_at: date | datetime | None) -> str:
    """When it last changed, to the second."""
    if changed_at is None:
        return ""
    text = changed_at.isoformat(timespec="seconds") if isinstance(changed_at, datetime) else ""
    return f"<lastmod>{text or changed_at.isoformat()}</lastmod>"
