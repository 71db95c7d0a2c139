"""catalog/home/, catalog/topics/: pages that operators put together of blocks, one JSON for all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting, selectors
from mall.api.base import Endpoint
from mall.api.catalog.base import REGION, OpenEndpoint, whole
from mall.api.catalog.shapes import ContentPageShape, HomeShape, TopicShape
from mall.kernel import clock
from mall.kernel.words import localized
from members.models import Account, Member
from members.selectors import member_of
from orders.presenting import show_dict
from orders.selectors import shows_on
from promotions.models import ContentPage
from promotions.presenting import page_dict, topic_dict
from promotions.selectors import (
    LivePage,
    blocks_for,
    fill,
    home_and_topics,
    live_page,
    news,
    search_words,
    topic_pages,
)


class ContentEndpoint(Endpoint):
    """Open to everybody; blocks for members are shown to who says who they are."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    def drawn(
        self,
        request: Request,
        page: LivePage,
        at: datetime,
        topics: Sequence[ContentPage] | None = None,
    ) -> dict[str, Any]:
        """The page as this reader sees it."""
        member = self.reader(request)
        region = selectors.read_region(request.query_params.get("region"))
        blocks = blocks_for(member, page.blocks, at, region)
        filling = fill(
            blocks,
            at=at,
            member_id=member.pk if member else None,
            region_code=region,
            topics=topics,
            shows=_shows(blocks, at),
        )
        return {**page_dict(page, blocks, filling), "server_time": at}

    def reader(self, request: Request) -> Member | None:
        """The member who asks, if they said so."""
        return member_of(request.user) if isinstance(request.user, Account) else None


def _shows(blocks: Sequence[Mapping[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """What buyers show, for the blocks that show it. Queries: 3, none without one."""
    rows = shows_on(blocks, at)
    cards = selectors.cards_of({row.product_id for row in rows}, at=at) if rows else {}
    return [show_dict(row, cards) for row in rows]


class Home(ContentEndpoint):
    """What operators placed, the category tree, news, search words. 10 statements at most."""

    @extend_schema(responses={200: HomeShape}, parameters=[REGION])
    def get(self, request: Request) -> Response:
        at = clock.now()
        front, topics = home_and_topics(at)
        return Response(
            {
                **self.drawn(request, front, at, topics),
                "announcements": [
                    {"id": row["pk"], "title": localized(row, "title"), "link": row["slug"]}
                    for row in news(at)
                ],
                "hot_words": search_words(),
                "categories": [presenting.branch(root) for root in selectors.category_tree()],
            }
        )


class Topic(ContentEndpoint):
    """One topic page."""

    @extend_schema(responses={200: ContentPageShape}, parameters=[REGION])
    def get(self, request: Request, slug: str) -> Response:
        at = clock.now()
        return Response(self.drawn(request, live_page(slug, at), at))


class Topics(OpenEndpoint):
    """The topics that are shown now."""

    @extend_schema(responses=TopicShape(many=True))
    def get(self, request: Request) -> Response:
        return whole(topic_dict(page) for page in topic_pages(clock.now()))
