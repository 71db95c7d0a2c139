"""me/addresses/: where parcels go."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import page_of
from mall.api.me.base import MyEndpoint, whole_list
from mall.api.me.shapes import AddressBody, AddressChangeBody, AddressShape
from mall.kernel import clock
from members import selectors, services
from members.models import Address
from members.presenting import address_dict

FIELDS = ("name", "phone", "region_code", "detail", "tag", "is_default")


class Addresses(MyEndpoint):
    """All of mine, the default first."""

    throttle_scope = "write"

    @extend_schema(operation_id="me_addresses_list", responses=page_of(AddressShape))
    def get(self, request: Request) -> Response:
        return whole_list([address_dict(row) for row in selectors.addresses(self.member.pk)])

    @extend_schema(request=AddressBody, responses={201: AddressShape})
    def post(self, request: Request) -> Response:
        body = _plain(self.body(AddressBody))
        saved = services.save_address(member=self.member, **body, at=clock.now())
        return Response(address_dict(saved), status=201)


class OneAddress(MyEndpoint):
    """One of mine; another's is not there."""

    throttle_scope = "write"

    @extend_schema(responses=AddressShape)
    def get(self, request: Request, address_id: int) -> Response:
        return Response(address_dict(self._address(address_id)))

    @extend_schema(request=AddressChangeBody, responses=AddressShape)
    def patch(self, request: Request, address_id: int) -> Response:
        body = _plain(self.body(AddressChangeBody))
        present = self._address(address_id)
        values = {name: getattr(present, name) for name in FIELDS} | body
        saved = services.save_address(
            member=self.member, address_id=address_id, **values, at=clock.now()
        )
        return Response(address_dict(saved))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, address_id: int) -> Response:
        services.delete_address(member=self.member, address_id=address_id)
        return Response(status=204)

    def _address(self, address_id: int) -> Address:
        return selectors.address(self.member.pk, address_id)


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "tag": body.get("tag") or ""} if "tag" in body else body
