"""The goods of a campaign: fixed prices of a sale, and what an activity sells with a quota."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from catalog.models import Sku
from mall.kernel.errors import InvalidInput
from promotions.models import ActivityItem, Campaign, SaleItem
from promotions.rulebook import skus_of
from promotions.services.campaigning_rows import GOODS_FIELDS, Status

MOST_QUOTA = 10**6
PRICED = (Campaign.Kind.SALE, Campaign.Kind.MEMBER_PRICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One SKU of an activity, as an operator says it. Fen for one piece."""

    sku_id: int
    price_fen: int
    quota: int
    per_member: int = 1
    deposit_fen: int | None = None
    worth_fen: int | None = None
    floor_fen: int | None = None


def prices_of(campaign: Campaign) -> dict[int, int]:
    """SKU id -> sale price. Queries: 1."""
    return dict(campaign.sale_items.values_list("sku_id", "price_fen"))


def goods_of(campaign: Campaign) -> list[Goods]:
    """What an activity sells. Queries: 1."""
    return [Goods(**row) for row in campaign.items.order_by("pk").values("sku_id", *GOODS_FIELDS)]


def check_named(campaign: Campaign, arguments: Mapping[str, Any]) -> None:
    """The SKUs that the numbers name exist, and a bundle costs less than its parts.

    Queries: 0 or 1. Raises: InvalidInput.
    """
    gift = arguments.get("gift") or arguments
    gifts = {sku_id for sku_id, _value in gift.get("options", ())}
    named = skus_of(campaign.kind, dict(arguments)) | gifts
    if not named:
        return
    ordinary = dict(Sku.objects.filter(pk__in=named).values_list("pk", "price_fen"))
    if named != ordinary.keys():
        raise InvalidInput(field="sku_id", allowed=_("SKUs of this shop"))
    if campaign.kind == Campaign.Kind.BUNDLE_PRICE:
        parts_fen = sum(ordinary[sku_id] * n for sku_id, n in arguments["pieces"].items())
        if arguments["price_fen"] >= parts_fen:
            raise InvalidInput(field="price_fen", allowed=_("less than the parts cost one by one"))


def put_prices(campaign: Campaign, prices: Mapping[int, int]) -> None:
    """Write the fixed prices of a sale in place of those it had. Raises: InvalidInput."""
    if prices and campaign.kind not in PRICED:
        raise InvalidInput(field="prices", allowed=_("prices only in a sale, or for members"))
    _check_below(prices, "prices")
    campaign.sale_items.exclude(sku__in=list(prices)).delete()
    SaleItem.objects.bulk_create(
        [
            SaleItem(campaign=campaign, sku_id=sku_id, price_fen=price_fen)
            for sku_id, price_fen in sorted(prices.items())
        ],
        update_conflicts=True,
        unique_fields=["campaign", "sku"],
        update_fields=["price_fen"],
    )


def put_goods(campaign: Campaign, goods: Iterable[Goods]) -> None:
    """Write what an activity sells in place of what it sold; only a draft's goods change.

    Locks: the campaign's goods. Raises: InvalidInput.
    """
    wanted = {one.sku_id: one for one in goods}
    if wanted and not campaign.is_activity:
        raise InvalidInput(field="goods", allowed=_("goods only in an activity"))
    held = {item.sku_id: item for item in campaign.items.order_by("pk").locked()}
    if wanted == {sku_id: _said(item) for sku_id, item in held.items()}:
        return
    if campaign.status != Status.DRAFT:
        raise InvalidInput(field="goods", allowed=_("other goods only in a draft: copy it"))
    _check_goods(wanted, held)
    _check_kind(campaign, wanted)
    try:
        campaign.items.exclude(sku__in=list(wanted)).delete()
    except ProtectedError as error:
        raise InvalidInput(field="goods", allowed=_("no fewer goods than were sold")) from error
    ActivityItem.objects.bulk_create(
        [
            ActivityItem(
                campaign=campaign,
                sku_id=one.sku_id,
                **{name: getattr(one, name) for name in GOODS_FIELDS},
            )
            for _sku_id, one in sorted(wanted.items())
        ],
        update_conflicts=True,
        unique_fields=["campaign", "sku"],
        update_fields=GOODS_FIELDS,
    )


def _said(item: ActivityItem) -> Goods:
    return Goods(sku_id=item.sku_id, **{name: getattr(item, name) for name in GOODS_FIELDS})


def _check_goods(wanted: Mapping[int, Goods], held: Mapping[int, ActivityItem]) -> None:
    _check_below({sku_id: one.price_fen for sku_id, one in wanted.items()}, "goods")
    for sku_id, one in wanted.items():
        taken = held[sku_id].taken if sku_id in held else 0
        if not max(taken, 1) <= one.quota <= MOST_QUOTA:
            raise InvalidInput(field="quota", allowed=_("at least the pieces taken"))
        if not 1 <= one.per_member <= one.quota:
            raise InvalidInput(field="per_member", allowed=_("from one piece to the quota"))
        if one.floor_fen is not None and not 0 < one.floor_fen < one.price_fen:
            raise InvalidInput(field="floor_fen", allowed=_("above zero and below the price"))
        _check_deposit(one)


def _check_kind(campaign: Campaign, wanted: Mapping[int, Goods]) -> None:
    """Friends cut a price down to somewhere; a presale begins with a deposit. Raises:
    InvalidInput."""
    is_bargain = campaign.kind == Campaign.Kind.BARGAIN
    if is_bargain and any(one.floor_fen is None for one in wanted.values()):
        raise InvalidInput(field="floor_fen", allowed=_("a lowest price for everything bargained"))
    is_presale = campaign.kind == Campaign.Kind.PRESALE
    if is_presale and any(one.deposit_fen is None for one in wanted.values()):
        raise InvalidInput(field="deposit_fen", allowed=_("a deposit for everything sold ahead"))


def _check_deposit(one: Goods) -> None:
    if one.deposit_fen is None and one.worth_fen is None:
        return
    deposit, worth = one.deposit_fen or 0, one.worth_fen or 0
    if not 0 < deposit <= worth < one.price_fen:
        raise InvalidInput(
            field="deposit_fen",
            allowed=_("above zero, counting as at least itself and less than the price"),
        )


def _check_below(prices: Mapping[int, int], field: str) -> None:
    ordinary = dict(Sku.objects.filter(pk__in=list(prices)).values_list("pk", "price_fen"))
    for sku_id, price_fen in prices.items():
        if sku_id not in ordinary or not 0 < price_fen < ordinary[sku_id]:
            raise InvalidInput(field=field, allowed=_("above zero and below the ordinary price"))
