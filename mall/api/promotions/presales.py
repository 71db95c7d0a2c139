"""promotions/presales/: what can be ordered before it exists."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import presenting
from catalog.selectors import cards_of
from mall.api.base import Endpoint
from mall.api.fields import InstantField
from mall.api.me.base import whole_list
from mall.kernel import clock
from mall.kernel.words import localized
from promotions.models import ActivityItem, Campaign
from promotions.selectors import ActivityOffer, PresaleRule, activities_of_kind


class PresaleItemShape(serializers.Serializer):
    sku_id = serializers.IntegerField()
    product = serializers.DictField()
    price_fen = serializers.IntegerField()
    total_fen = serializers.IntegerField()
    deposit_fen = serializers.IntegerField()
    worth_fen = serializers.IntegerField()
    balance_fen = serializers.IntegerField()
    quota = serializers.IntegerField()
    left = serializers.IntegerField()
    per_member = serializers.IntegerField()


class PresaleOfferShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = InstantField()
    ends_at = InstantField()
    balance_from = InstantField()
    balance_until = InstantField()
    ships_on = serializers.DateField()
    deposit_comes_back = serializers.BooleanField()
    server_time = InstantField()
    items = PresaleItemShape(many=True)


class Presales(Endpoint):
    """Presales that are on or begin within a week, with their goods. 3 statements."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(responses=PresaleOfferShape(many=True))
    def get(self, request: Request) -> Response:
        at = clock.now()
        found = activities_of_kind(Campaign.Kind.PRESALE, at)
        products = {item.sku.product_id for offer in found for item in offer.items.values()}
        cards = cards_of(products, at=at)
        shown = {pk: presenting.card(row) for pk, row in cards.items() if row["price_fen"]}
        answers = [
            {
                **_terms(offer),
                "server_time": at.replace(microsecond=0),
                "items": [
                    _item(item, shown[item.sku.product_id])
                    for item in offer.items.values()
                    if item.sku.product_id in shown
                ],
            }
            for offer in found
        ]
        return whole_list(answers)


def _terms(offer: ActivityOffer) -> dict[str, object]:
    assert isinstance(offer.rule, PresaleRule), "presales have the rules of presales"
    return {
        "id": offer.campaign.pk,
        "title": localized(offer.campaign, "title"),
        "starts_at": offer.campaign.starts_at,
        "ends_at": offer.campaign.ends_at,
        "balance_from": offer.rule.balance_from,
        "balance_until": offer.rule.balance_until,
        "ships_on": offer.rule.ships_on,
        "deposit_comes_back": offer.rule.deposit_comes_back,
    }


def _item(item: ActivityItem, card: dict[str, object]) -> dict[str, object]:
    return {
        "sku_id": item.sku_id,
        "product": card,
        "price_fen": item.price_fen,
        "total_fen": item.total_fen,
        "deposit_fen": item.deposit_fen or 0,
        "worth_fen": item.worth_fen or 0,
        "balance_fen": item.balance_fen,
        "quota": item.quota,
        "left": item.left,
        "per_member": item.per_member,
    }
