"""me/watches/: SKUs that I wait for until they are back in stock. Source: requirement I-08."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import services
from inventory.models import StockWatch
from inventory.selectors import watches_of
from mall.api.base import StrictSerializer, localized, page_of
from mall.api.fields import IdField, InstantField
from mall.api.me.base import MyEndpoint
from mall.kernel import clock


class WatchShape(serializers.Serializer):
    """One SKU that I wait for."""

    sku_id = serializers.IntegerField()
    sku_code = serializers.CharField()
    product_id = serializers.IntegerField()
    title = serializers.CharField()
    asked_at = InstantField()


class WatchBody(StrictSerializer):
    """The sold-out SKU to wait for."""

    sku_id = IdField()


class Watches(MyEndpoint):
    """What I wait for, newest first."""

    throttle_scope = "write"

    @extend_schema(operation_id="me_watches_list", responses=page_of(WatchShape))
    def get(self, request: Request) -> Response:
        return self.page(watches_of(self.account.pk), ("-asked_at", "-pk"), _render)

    @extend_schema(request=WatchBody, responses={201: WatchShape})
    def post(self, request: Request) -> Response:
        sku_id = self.body(WatchBody)["sku_id"]
        services.watch_sku(sku_id=sku_id, account_id=self.account.pk, at=clock.now())
        return Response(_render(watches_of(self.account.pk).get(sku=sku_id)), status=201)


class OneWatch(MyEndpoint):
    """Wait no longer; what nobody waits for is gone already."""

    throttle_scope = "write"

    @extend_schema(responses={204: None})
    def delete(self, request: Request, sku_id: int) -> Response:
        services.unwatch_sku(sku_id=sku_id, account_id=self.account.pk)
        return Response(status=204)


def _render(watch: StockWatch) -> dict[str, Any]:
    return {
        "sku_id": watch.sku_id,
        "sku_code": watch.sku.code,
        "product_id": watch.sku.product_id,
        "title": localized(watch.sku.product, "title"),
        "asked_at": watch.asked_at,
    }
