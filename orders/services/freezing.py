"""What a placed order freezes: amounts, lines, every price step, and its first history row.

Source: O-13, INV-09, INV-10.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog.selectors import PartFacts, SkuFacts
from mall.kernel.db import append, create_rows, create_unless_taken
from members.models import Account
from orders.models import Order, OrderHistory, OrderLine, OrderLineStep
from orders.services.numbering import new_number
from orders.services.quoting import Quoted
from orders.shop_freights import shop_freights
from orders.states import PLACED
from promotions import engine

NUMBER_TRIES = 3


def write_order(
    quoted: Quoted,
    columns: Mapping[str, Any],
    *,
    sources: Sequence[str] = (),
    at: datetime,
    actor: Account | None,
) -> Order:
    """Insert order, lines, steps and the first history row. ``columns`` say who orders, where to
    and on which terms, ``sources`` what led to each line. Queries: 4."""
    order = _insert(_frozen(quoted) | {"quote_hash": quoted.quote_hash, **columns})
    lines = [
        _order_line(order, position, priced, quoted.skus[priced.sku_id])
        for position, priced in enumerate(quoted.lines, 1)
    ]
    for line, source in zip(lines, sources, strict=False):  # gifts come after, from nowhere
        line.source = source
    places = {line.key: place for place, line in enumerate(quoted.quote.lines, 1)}
    for line, gift in zip(lines[len(places) :], quoted.quote.gifts, strict=True):
        line.is_gift = True
        line.gift_for = sorted(places[key] for key in gift.line_keys)
    create_rows(lines)
    steps = [
        _step(line, position, step)
        for line, priced in zip(lines, quoted.lines, strict=True)
        for position, step in enumerate(priced.steps, 1)
    ]
    append(steps)
    history = OrderHistory(order=order, to_status=order.status, code=PLACED, actor=actor, at=at)
    append([history])
    return _in_hand(order, lines, steps, history)


def _insert(values: Mapping[str, Any]) -> Order:
    """Insert under a fresh number; one that is taken (once in 2**50) is drawn again."""
    order = Order(**values)
    for _n in range(NUMBER_TRIES - 1):
        order.number = new_number(order.placed_at)
        if create_unless_taken(order):
            return order
    order.number = new_number(order.placed_at)
    create_rows([order])
    return order


def _frozen(quoted: Quoted) -> dict[str, Any]:
    priced = quoted.quote
    return {
        "goods_fen": priced.goods_fen + quoted.gifts_fen,
        "discount_fen": priced.discount_fen + quoted.gifts_fen,
        "freight_fen": priced.freight_fen,
        "freight_base_fen": priced.freight.base_fen,
        "freight_steps": [step.as_json() for step in priced.freight.steps],
        "freight_shops": shop_freights(priced.freight, quoted.skus.values()),
        "points_used": priced.points.used,
        "points_earned": priced.points.earned,
        "payable_fen": priced.payable_fen,
    }


def _order_line(
    order: Order, position: int, priced: engine.QuoteLine, facts: SkuFacts
) -> OrderLine:
    return OrderLine(
        order=order,
        position=position,
        sku_id=facts.id,
        product_id=facts.product_id,
        sku_code=facts.code,
        title_zh=facts.title_zh,
        title_en=facts.title_en,
        options=_words(facts.options),
        image=facts.image,
        parts=[_part(part) for part in facts.parts] or None,
        quantity=priced.quantity,
        list_fen=priced.list_fen,
        payable_fen=priced.payable_fen,
    )


def _words(options: Iterable[tuple[str, ...]]) -> list[dict[str, str]]:
    names = ("title_zh", "title_en", "value_zh", "value_en")
    return [dict(zip(names, option, strict=True)) for option in options]


def _part(part: PartFacts) -> dict[str, Any]:
    """A part of a bundle as it is sold now; its stock is taken by these numbers for ever."""
    columns = ("sku_id", "product_id", "code", "title_zh", "title_en", "quantity", "image")
    return {**{name: getattr(part, name) for name in columns}, "options": _words(part.options)}


def _step(line: OrderLine, position: int, step: engine.PriceStep) -> OrderLineStep:
    return OrderLineStep(
        line=line,
        position=position,
        lane=step.lane.value,
        kind=step.kind,
        source_id=step.source_id,
        version=step.version,
        label_code=step.label_code,
        label_params=dict(step.label_params),
        amount_fen=step.amount_fen,
    )


def _in_hand(
    order: Order,
    lines: Sequence[OrderLine],
    steps: Sequence[OrderLineStep],
    history: OrderHistory,
) -> Order:
    """Hang what was just written onto the order, so that showing it asks the database nothing."""
    for line in lines:
        own = [step for step in steps if step.line_id == line.pk]
        line._prefetched_objects_cache = {"steps": own}  # type: ignore[attr-defined]
        line._state.fields_cache["review"] = None
        line._state.fields_cache["warranty"] = None
    order._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "lines": list(lines),
        "history": [history],
        "payments": [],
        "shipments": [],
    }
    return order
