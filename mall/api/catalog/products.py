"""catalog/products/ and one product."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting, selectors
from inventory.presenting import arrival_dict
from inventory.selectors import Outlook, outlook
from mall.api.catalog.base import REGION, OpenEndpoint, paged, whole
from mall.api.catalog.shapes import CardPageShape, ProductShape
from mall.kernel import clock
from mall.tracks import say_found
from promotions.presenting import offer_dict
from promotions.selectors import deal_on

PAGING = [
    OpenApiParameter("cursor"),
    OpenApiParameter("page_size", int, description="1 to 100, 20 without it."),
]
FILTERS = [
    OpenApiParameter("q", description="Words to search."),
    OpenApiParameter("category", description="Address or id; what is below it is included."),
    OpenApiParameter("brand", description="Address or id."),
    OpenApiParameter("price_min_fen", int),
    OpenApiParameter("price_max_fen", int),
    OpenApiParameter("attr.<code>", description="A value of a filterable attribute; repeatable."),
    OpenApiParameter("in_stock", bool),
    REGION,
    OpenApiParameter("exact", bool, description="Only what has the words as they were typed."),
    OpenApiParameter("ordering", enum=list(selectors.ORDERINGS)),
    *PAGING,
]
TYPED = {"q", "page_size", "region"}
"""A search with no more than these is noted as somebody typed it."""


class Products(OpenEndpoint):
    """Goods on sale, filtered and in order. At most 7 statements; a search that fills its page
    counts what it found up to 5,000, for the log."""

    @extend_schema(
        operation_id="catalog_products_list", responses=CardPageShape, parameters=FILTERS
    )
    def get(self, request: Request) -> Response:
        params = request.query_params
        filters = selectors.read_filters(params)
        page = selectors.list_cards(
            filters,
            cursor=params.get("cursor"),
            page_size=selectors.read_page_size(params.get("page_size")),
            at=(at := clock.now()),
        )
        response = paged(request, page, [presenting.card(row) for row in page.rows])
        if filters.q and params.keys() <= TYPED:
            meant = page.asked[0] if page.is_loose and page.rows and page.asked else ""
            found = len(page.rows)
            if page.next_cursor:
                found = selectors.match_count(filters, literal=page.literal, at=at)
            say_found(response, filters.q, found, words=page.asked, corrected=meant)
        return response


class OneProduct(OpenEndpoint):
    """One product on sale: SKUs, stock, prices as everybody pays them, offers. 5 statements."""

    @extend_schema(responses={200: ProductShape}, parameters=[REGION])
    def get(self, request: Request, product_id: int) -> Response:
        at, region_code = clock.now(), selectors.read_region(request.query_params.get("region"))
        page = selectors.product_page(product_id, at=at)
        deal = deal_on(page.facts(), at)
        seen = outlook(page.sku_ids, region_code, page.kits)
        shape = presenting.product(
            page,
            available=seen.available,
            prices=deal.prices,
            offers=[
                offer_dict(campaign, deal.member_tags.get(campaign.pk))
                for campaign in deal.campaigns
            ],
            at=at,
        )
        return Response({**shape, **_there(page, seen, at)})


def _there(page: selectors.ProductPage, seen: Outlook, at: datetime) -> dict[str, Any]:
    """What holds in the region asked for: whether it is sold there, when one piece arrives."""
    facts = page.facts().values()
    here = next((one for one in facts if seen.available.get(one.id)), None)
    arrival = arrival_dict(seen.promise([(here.id, 1)], at), at) if here else None
    is_sold = all(one.is_sold_to(seen.region_code) for one in facts) if seen.region_code else True
    return {"arrival": arrival if is_sold else None, "is_sold_there": is_sold}


class Recommendations(OpenEndpoint):
    """What goes with a product: what an operator chose, goods of related categories, neighbours.

    Ordered with ``source: "related"``. 2 statements.
    """

    @extend_schema(responses=CardPageShape, parameters=[REGION])
    def get(self, request: Request, product_id: int) -> Response:
        at, region_code = clock.now(), selectors.read_region(request.query_params.get("region"))
        return whole(map(presenting.card, selectors.related_cards(product_id, at, region_code)))
