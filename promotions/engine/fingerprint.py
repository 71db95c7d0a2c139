"""One short text that changes when what the shopper agreed to changes, and with nothing else."""

import hashlib
import json
from collections import Counter
from typing import Any

from promotions.engine.quote import PriceStep, Quote, QuoteLine


def quote_hash(quote: Quote) -> str:
    """The quote's fingerprint, 32 hex digits: goods, steps, rule versions, gifts, region, coupons,
    points and payable; neither the time, nor words, nor how equal goods are spread over lines."""
    facts = {
        "lines": _goods(quote.lines),
        "freight": [
            quote.freight.base_fen,
            [[f.shop_id, f.template_id, f.version, f.fee_fen] for f in quote.freight.fees],
            [[*_origin(step), step.amount_fen] for step in quote.freight.steps],
        ],
        "gifts": [[g.rule_id, g.version, g.sku_id, g.quantity, g.value_fen] for g in quote.gifts],
        "region": quote.region_code,
        "coupons": quote.coupon_grant_ids,
        "points": quote.points.used,
        "payable": [quote.payable_fen, quote.pay_now_fen],
    }
    text = json.dumps(facts, separators=(",", ":"), sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _origin(step: PriceStep) -> tuple[str, str, int, int]:
    return step.lane.value, step.kind, step.source_id or 0, step.version


def _goods(lines: tuple[QuoteLine, ...]) -> list[Any]:
    """Quantity, list price and steps summed over the lines of one (sku, offer)."""
    amounts: Counter[tuple[Any, ...]] = Counter()
    for line in lines:
        offer = line.offer
        goods = (
            (line.sku_id, offer.kind, offer.rule_id, offer.reference) if offer else (line.sku_id,)
        )
        amounts[(goods, "quantity")] += line.quantity
        amounts[(goods, "list")] += line.list_fen
        for step in line.steps:
            amounts[(goods, *_origin(step))] += step.amount_fen
    return sorted(([*key, amount] for key, amount in amounts.items()), key=repr)
