"""What the sums of after-sales need to know of an order: its frozen lines, what is spoken for, and
the promises. Source: O-44, O-45."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from mall.kernel import clock
from mall.kernel.words import localized
from orders import refunds
from orders.after_sale_errors import (
    ExchangedForFaults,
    NotExchanged,
    ReturnInstead,
    SayTheFault,
)
from orders.after_sales_presenting import ASKABLE
from orders.errors import (
    AfterSaleExcluded,
    AfterSaleNotOffered,
    AfterSaleOver,
    NothingToReturn,
    NotSentYet,
    ReturnComesFirst,
    TooManyToReturn,
)
from orders.models import (
    AfterSale,
    AfterSaleLine,
    AfterSalePolicy,
    Order,
    OrderLine,
    OrderLineStep,
    ReturnFreightRule,
)
from promotions.models import CouponGrant

Kind = AfterSale.Kind
FAULT = "quality"
"""One of `refunds.FAULTS`: all of them have the same days."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: ``pieces`` is line id -> number."""

    kind: str
    reason: str
    pieces: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """One order as the sums see it."""

    order: Order
    lines: tuple[OrderLine, ...]
    sold: tuple[refunds.SoldLine, ...]
    freight_left_fen: int
    windows: Mapping[int, refunds.Window]
    gift_policy: str
    freight_rules: Mapping[str, ReturnFreightRule]
    coupons: tuple[CouponGrant, ...]

    def line(self, line_id: int) -> OrderLine:
        return next(line for line in self.lines if line.pk == line_id)


def facts_of(order: Order, lines: Sequence[OrderLine]) -> Facts:
    """The facts of an order whose lines are in hand. Queries: 6 for any number of lines, 7 with
    points."""
    live = AfterSaleLine.objects.filter(after_sale__order=order).exclude(
        after_sale__state__in=AfterSale.DEAD
    )
    counted, entitled, points = Counter[int](), Counter[int](), Counter[int]()
    for row in live.exclude(after_sale__kind=Kind.EXCHANGE):
        counted[row.line_id] += row.quantity
        entitled[row.line_id] += row.entitled_fen
        points[row.line_id] += row.points_back
    freight_fen = order.after_sales.live().aggregate(total=Sum("freight_fen"))["total"] or 0
    shares = _points_of(order, lines)
    policies = {policy.category_id: policy for policy in AfterSalePolicy.objects.all()}
    paths = _paths(lines)
    nearest = {line.pk: _nearest(policies, paths.get(line.product_id, [])) for line in lines}
    return Facts(
        order=order,
        lines=tuple(lines),
        sold=tuple(
            refunds.SoldLine(
                id=line.pk,
                position=line.position,
                quantity=line.quantity,
                payable_fen=line.payable_fen,
                points=shares[line.pk],
                shipped=line.shipped,
                taken=line.refunded + line.refunding,
                counted=max(counted[line.pk], line.refunded),
                entitled_fen=entitled[line.pk],
                points_back=points[line.pk],
                withdrawn=line.withdrawn + line.withdrawing,
                is_gift=line.is_gift,
                value_fen=line.list_fen,
                gift_for=tuple(line.gift_for),
            )
            for line in lines
        ),
        freight_left_fen=order.freight_fen - freight_fen,
        windows={pk: _window(policy) for pk, policy in nearest.items()},
        gift_policy=_strictest(nearest.values()),
        freight_rules={rule.reason: rule for rule in ReturnFreightRule.objects.all()},
        coupons=tuple(
            CouponGrant.objects.bound_to(order.number).select_related("coupon").order_by("pk")
        ),
    )


def _points_of(order: Order, lines: Sequence[OrderLine]) -> dict[int, int]:
    """Points spent on each line, by what its step of the points lane took off. Queries: 0 or 1."""
    if not order.points_used:
        return dict.fromkeys((line.pk for line in lines), 0)
    paid = Counter[int]()
    steps = OrderLineStep.objects.filter(line__in=list(lines), lane="points")
    for line_id, amount_fen in steps.values_list("line_id", "amount_fen"):
        paid[line_id] += amount_fen
    ordered = sorted(lines, key=lambda line: line.position)
    shares = refunds.points_by_line(order.points_used, [paid[line.pk] for line in ordered])
    return {line.pk: share for line, share in zip(ordered, shares, strict=True)}


def _paths(lines: Iterable[OrderLine]) -> dict[int | None, list[int]]:
    """The categories of each line's product from the root down. Queries: 1."""
    ids = [line.pk for line in lines]
    rows = OrderLine.objects.filter(pk__in=ids, product__isnull=False)
    return dict(rows.values_list("product_id", "product__category__path_ids"))


def _nearest(
    policies: Mapping[int | None, AfterSalePolicy], path_ids: Sequence[int]
) -> AfterSalePolicy:
    nearest = next((policies[pk] for pk in reversed(path_ids) if pk in policies), None)
    return nearest or policies.get(None) or AfterSalePolicy()


def _window(policy: AfterSalePolicy) -> refunds.Window:
    return refunds.Window(policy.no_reason_days, policy.quality_days, policy.exchange_days)


def _strictest(policies: Iterable[AfterSalePolicy]) -> str:
    """Of several categories in one order the first of: comes back, charged, stays."""
    found = {str(policy.gift_policy) for policy in policies}
    order = (refunds.RETURN, refunds.CHARGE, refunds.KEEP)
    return next((policy for policy in order if policy in found), refunds.RETURN)


def work_out(facts: Facts, wish: Wish) -> refunds.RefundSum:
    """What the wish brings back by policy. Queries: 0. Raises: NothingToReturn, TooManyToReturn."""
    sold = {line.id: line for line in facts.sold}
    if not wish.pieces or not set(wish.pieces) <= set(sold):
        raise NothingToReturn
    for line_id, number in wish.pieces.items():
        left = _askable(sold[line_id], wish.kind)
        if not 0 < number <= left:
            raise _too_many(facts.line(line_id), sold[line_id], wish.kind, left)
    rule = facts.freight_rules.get(wish.reason)
    terms = refunds.Terms(
        freight_left_fen=facts.freight_left_fen,
        at_fault=rule is not None and rule.freight_comes_back,
        gift_policy=facts.gift_policy,
    )
    return refunds.work_out(facts.sold, refunds.Kind(wish.kind), wish.pieces, terms)


def _too_many(line: OrderLine, sold: refunds.SoldLine, kind: str, left: int) -> TooManyToReturn:
    """Why not so many: the rest never left the house, or is spoken for."""
    said = {"left": left, "sku": line.sku_code, "title": localized(line, "title")}
    is_here = not left and sold.free > 0 and not sold.is_gift and kind != Kind.REFUND_ONLY
    return NotSentYet(**said) if is_here else TooManyToReturn(**said)


def _askable(line: refunds.SoldLine, kind: str) -> int:
    """Pieces one may ask about: only what was sent can be sent back; gifts only go along."""
    if line.is_gift:
        return 0
    return line.free if kind == Kind.REFUND_ONLY else line.free - line.unshipped


def check_promises(facts: Facts, wish: Wish, at: datetime) -> None:
    """Hold the wish against what the shop has promised. Queries: 0.

    What was not sent yet can always be paid back. Goods that were sent are paid back without
    coming back only for a fault, and every wish has its days. Raises: AfterSaleNotOffered,
    ReturnComesFirst, AfterSaleOver, AfterSaleExcluded.
    """
    if facts.order.status not in ASKABLE or facts.order.stage == Order.Stage.GROUPING:
        raise AfterSaleNotOffered
    sold = {line.id: line for line in facts.sold}
    received_on = facts.order.received_at and clock.day_of(facts.order.received_at)
    for line_id, number in wish.pieces.items():
        sent = number - (sold[line_id].unshipped if wish.kind == Kind.REFUND_ONLY else 0)
        if sent <= 0:
            continue
        title, window = localized(facts.line(line_id), "title"), facts.windows[line_id]
        days = window.days_for(wish.kind, wish.reason)
        if not days:
            raise _excluded(window, wish, received_on, clock.day_of(at))(days=0, title=title)
        if wish.kind == Kind.REFUND_ONLY and wish.reason not in refunds.FAULTS:
            raise ReturnComesFirst(title=title)
        if not window.is_open(wish.kind, wish.reason, received_on, clock.day_of(at)):
            raise AfterSaleOver(days=days)


def _excluded(
    window: refunds.Window, wish: Wish, received_on: date | None, today: date
) -> type[AfterSaleExcluded]:
    """The refusal of a wish without days, and the way that is still open instead, if any."""
    is_exchange = wish.kind == Kind.EXCHANGE
    plain = NotExchanged if is_exchange else AfterSaleExcluded
    if wish.reason in refunds.FAULTS:
        return plain
    if is_exchange and window.is_open(Kind.RETURN_REFUND, wish.reason, received_on, today):
        return ReturnInstead
    if window.is_open(wish.kind, FAULT, received_on, today):
        return ExchangedForFaults if is_exchange else SayTheFault
    return plain
