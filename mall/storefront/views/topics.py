"""Topic pages, their list, and previews of pages that are being put together."""

from datetime import datetime

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from catalog import presenting
from mall.kernel import clock
from mall.storefront.arranged import drawn_page
from mall.storefront.blocks import in_this_language
from mall.storefront.context import region_of
from mall.storefront.shopper import member_of
from promotions.presenting import topic_tile
from promotions.selectors import LivePage, live_page, previewed, topic_pages


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """The topics that are shown now. Queries: 1."""
    tiles = [topic_tile(page) for page in topic_pages(clock.now())]
    context = {
        "topics": [{**tile, "url": in_this_language(tile["link"])} for tile in tiles],
        "breadcrumb": [{"label": _("Topics")}],
    }
    return render(request, "storefront/topics.html", context)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic. Queries: those of its blocks, 16 at most."""
    at = clock.now()
    return draw(request, live_page(slug, at), at)


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type] # it knows views without slugs
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """A version that only who has the link sees; no cache and no search engine keeps it."""
    at = clock.now()
    response = draw(request, previewed(token), at, is_preview=True)
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def draw(
    request: HttpRequest, live: LivePage, at: datetime, *, is_preview: bool = False
) -> HttpResponse:
    """A page of blocks as this visitor sees it."""
    member = member_of(request)
    page = drawn_page(live, member, at, region_of(request, member))
    context = {
        "page": page,
        "picture": presenting.image(live.cover),
        "blocks": page["blocks"],
        "now": at,
        "is_preview": is_preview,
        "breadcrumb": [{"label": page["title"]}],
    }
    return render(request, "storefront/topic.html", context)
