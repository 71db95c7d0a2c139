"""Gifts with a purchase: what of them is in stock, and the lines they become. Source: P-28, P-08.

The engine says which gift comes with which goods; on the receipt a gift is a line at its declared
value, all of it taken off by one step.
"""

from collections.abc import Collection
from dataclasses import replace

from inventory.selectors import available_pieces
from promotions import engine


def with_gift_stock(rules: engine.Rules) -> engine.Rules:
    """The same rules with the free pieces of every gift among them. Queries: 0, or 1 with gifts."""
    gifts = [rule for rule in rules.promotions if isinstance(rule, engine.GiftWithPurchase)]
    if not gifts:
        return rules
    skus = {sku_id for rule in gifts for sku_id, _value_fen in rule.options}
    return replace(rules, gift_stock=available_pieces(skus))


def gift_choices(rules: engine.Rules, wanted: Collection[int]) -> dict[int, int]:
    """The wanted SKU of each gift that offers it, by rule id."""
    gifts = [rule for rule in rules.promotions if isinstance(rule, engine.GiftWithPurchase)]
    return {
        rule.rule_id: sku_id
        for rule in gifts
        for sku_id, _value_fen in rule.options
        if sku_id in wanted
    }


def gift_lines(priced: engine.Quote) -> tuple[engine.QuoteLine, ...]:
    """The gifts of a quote as lines that cost nothing."""
    return tuple(_line(gift) for gift in priced.gifts)


def _line(gift: engine.GiftLine) -> engine.QuoteLine:
    list_fen = gift.value_fen * gift.quantity
    step = engine.PriceStep(
        lane=engine.Lane.ITEM_OFFER,
        kind=gift.kind,
        source_id=gift.rule_id,
        version=gift.version,
        label_code=gift.kind,
        label_params=gift.label_params,
        amount_fen=list_fen,
    )
    return engine.QuoteLine(
        key=f"gift:{gift.rule_id}",
        sku_id=gift.sku_id,
        offer=None,
        quantity=gift.quantity,
        list_fen=list_fen,
        payable_fen=0,
        steps=(step,) if list_fen else (),
    )
