"""catalog/home/: what an app shows first."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting, selectors
from mall.api.catalog.base import REGION, OpenEndpoint
from mall.api.catalog.shapes import HomeShape
from mall.kernel import clock
from mall.kernel.words import localized
from promotions.models import Banner
from promotions.selectors import home_content, hot_words


class Home(OpenEndpoint):
    """What operators placed, the category tree, what sells and what is new. 6 statements."""

    @extend_schema(responses={200: HomeShape}, parameters=[REGION])
    def get(self, request: Request) -> Response:
        at = clock.now()
        content = home_content(at)
        shelves = selectors.home_cards(
            at=at, region_code=selectors.read_region(request.query_params.get("region"))
        )
        return Response(
            {
                "banners": [_banner(row) for row in content.banners[Banner.Place.HERO]],
                "topics": [_banner(row) for row in content.banners[Banner.Place.TOPIC]],
                "announcements": [
                    {"id": row.pk, "title": localized(row, "title")}
                    for row in content.announcements
                ],
                "hot_words": [localized(row, "word") for row in hot_words()],
                "categories": [presenting.branch(root) for root in selectors.category_tree()],
                "shelves": [
                    {"code": code, "cards": [presenting.card(row) for row in rows]}
                    for code, rows in shelves.items()
                ],
            }
        )


def _banner(row: Banner) -> dict[str, Any]:
    return {
        "image": presenting.image(selectors.stored_picture(row.media)),
        "ink": row.ink,
        "kicker": localized(row, "kicker"),
        "title": localized(row, "title"),
        "text": localized(row, "text"),
        "button": localized(row, "button"),
        "link": row.link,
    }
