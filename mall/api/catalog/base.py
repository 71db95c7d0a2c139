"""What the endpoints of the catalogue share: open to everybody, whole lists in one envelope."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from catalog.selectors import Page
from mall.api.base import Endpoint

REGION = OpenApiParameter("region", description="Code of a region: what is sold there.")


class OpenEndpoint(Endpoint):
    """Nobody needs to say who they are."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = "browse"


def whole(items: Iterable[Any]) -> Response:
    """A list that has one page."""
    return Response({"next": None, "previous": None, "results": list(items)})


def paged(request: Request, page: Page, results: list[Any]) -> Response:
    """One page with the addresses of its neighbours."""
    return Response(
        {
            "next": _link(request, page.next_cursor),
            "previous": _link(request, page.previous_cursor),
            "results": results,
        }
    )


def _link(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return str(replace_query_param(request.build_absolute_uri(), "cursor", cursor))
