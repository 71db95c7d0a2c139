"""One reader a kind. A further kind is one more reader here and its rule under ``engine/rules``."""

from collections.abc import Callable, Mapping
from typing import Any

from mall.kernel.errors import InvalidInput
from promotions.activities import read_activity
from promotions.models import Campaign
from promotions.rulebook import gifts, people, pieces, prices, spending
from promotions.rulebook.reading import Arguments

Kind = Campaign.Kind
Reader = Callable[[Mapping[str, Any]], Arguments]


def read_rule(kind: str, data: Mapping[str, Any]) -> Arguments:
    """What the engine's rule of ``kind`` takes, out of its JSON. Raises: InvalidInput.

    An activity's numbers are only checked: its rule is made of its goods.
    """
    if kind in Campaign.ACTIVITIES:
        read_activity(kind, data)
        return {}
    if kind not in READERS:
        raise InvalidInput(field="kind", allowed=", ".join(READERS))
    return READERS[kind](data)


def skus_of(kind: str, arguments: Arguments) -> set[int]:
    """The SKUs that the numbers themselves name: of a bundle, a ladder; gifts are not among them.

    >>> skus_of("bundle_price", {"pieces": {7: 1, 9: 2}, "price_fen": 100})
    {9, 7}
    """
    if kind == Kind.BUNDLE_PRICE:
        return set(arguments["pieces"])
    if kind == Kind.QUANTITY_PRICE:
        return set(arguments["ladders"])
    return set()


READERS: Mapping[str, Reader] = {
    Kind.SALE: prices.read_sale,
    Kind.QUANTITY_PRICE: prices.read_quantity_price,
    Kind.MEMBER_PRICE: prices.read_member_price,
    Kind.SECOND_HALF_PRICE: pieces.read_second_half_price,
    Kind.PIECES_RATE: pieces.read_pieces_rate,
    Kind.BUNDLE_PRICE: pieces.read_bundle_price,
    Kind.GIFT: gifts.read_gift,
    Kind.THRESHOLD_OFF: spending.read_threshold_off,
    Kind.THRESHOLD_RATE: spending.read_threshold_rate,
    Kind.EVERY_OFF: spending.read_every_off,
    Kind.FREE_FREIGHT: spending.read_free_freight,
    Kind.MEMBER_DAY: people.read_member_day,
    Kind.LOYAL_RATE: people.read_loyal_rate,
}
