"""Where advertisements lead: the page of the visitor's arm, the visit noted once. Source: X-13."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.storefront.device import named_device, remember_device
from mall.storefront.journey import came_by
from mall.storefront.views.topics import draw
from promotions.selectors import live_landing, page_of_id
from promotions.services import note_landing, variant_of


@require_safe
def landing(request: HttpRequest, slug: str) -> HttpResponse:
    """A landing page. Queries: those of its blocks and 4."""
    at = clock.now()
    token, visitor = named_device(request)
    variant = variant_of(live_landing(slug, at), visitor)
    if variant is None:
        raise NotFound
    page = page_of_id(variant.page_id, at)
    channel, campaign = came_by(request)
    note_landing(variant=variant, visitor=visitor, channel=channel, campaign=campaign, at=at)
    response = draw(request, page, at)
    add_never_cache_headers(response)
    return remember_device(request, response, token)
