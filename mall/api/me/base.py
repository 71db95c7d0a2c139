"""What the rooms of me/ share: the signed-in member, and lists."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet
from rest_framework.response import Response

from mall.api.base import CursorPage, Endpoint, IsMember
from members.models import Account, Member
from members.selectors import member_of

T = TypeVar("T")


class MyEndpoint(Endpoint):
    """A view of the signed-in member's own things."""

    permission_classes = [IsMember]
    throttle_scope = "browse"

    @property
    def account(self) -> Account:
        """The account that asks."""
        assert isinstance(self.request.user, Account)  # IsMember let nobody else in
        return self.request.user

    @property
    def member(self) -> Member:
        """The member who asks, read with the token: no query."""
        return member_of(self.account)

    def page(
        self, rows: QuerySet[Any], ordering: Sequence[str], render: Callable[[Any], dict[str, Any]]
    ) -> Response:
        """One cursor page of ``rows``, each rendered. Queries: 1."""
        pager = CursorPage()
        pager.ordering = tuple(ordering)
        found = pager.paginate_queryset(rows, self.request, view=self) or []
        return pager.get_paginated_response([render(row) for row in found])


def whole_list(results: list[Any]) -> Response:
    """A short list that always fits on one page."""
    return Response({"next": None, "previous": None, "results": results})
