"""From paid to completed: looked at, sent in parcels, signed for, received, settled."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from orders.models import OrderCheck, ShipmentTrace
from orders.services import (
    complete_due,
    pass_check,
    receive_due,
    receive_order,
    record_trace,
    reject_check,
    settle_closed,
    ship_order,
)
from orders.tests.machine.facts import Order
from orders.tests.machine.life import Life, nth
from orders.tests.machine.model import DAYS


def can_ship(order: Order) -> bool:
    return order.status in ("paid", "part_shipped") and not order.in_review


class Fulfilling(Life):
    """What the warehouse, the carrier, the buyer and the clock do with a paid order."""

    @precondition(lambda self: any(order.in_review for order in self.orders))
    @rule(n=nth, passes=st.sampled_from([True, True, False]))
    def look_at_it(self, n: int, passes: bool) -> None:
        """A dear order waits for a person, who lets it go on or pays it back."""
        order = self.order_where(n | 1, lambda one: one.in_review)
        check = OrderCheck.objects.filter(order_id=order.id).latest("pk")
        boss = self.shop.boss
        untouched = not any(line.refunding or line.refunded for line in order.lines.values())
        if passes:
            self.attempt(
                "pass check",
                order.in_review,
                lambda: pass_check(check_id=check.pk, actor=boss, at=self.at),
            )
            order.in_review = False
        elif self.attempt(
            "reject check",
            order.in_review and untouched,
            lambda: reject_check(check_id=check.pk, reason="odd", actor=boss, at=self.at),
        ):
            self.model.cancel_paid(order, self.at)

    @precondition(lambda self: any(map(can_ship, self.orders)))
    @rule(n=nth)
    def ship_all(self, n: int) -> None:
        """Everything that is left leaves."""
        order = self.order_where(n, can_ship)
        parts = {line.id: line.to_ship for line in order.lines.values() if line.to_ship}
        self._ship("ship all", order, parts, whole=True)

    @precondition(lambda self: any(map(can_ship, self.orders)))
    @rule(n=nth, wanted=st.lists(st.integers(0, 3), min_size=3, max_size=3))
    def ship_part(self, n: int, wanted: list[int]) -> None:
        """Some pieces of some lines leave, or more than there are."""
        order = self.order_where(n, can_ship)
        parts = dict(zip(order.lines, wanted, strict=False))
        self._ship("ship part", order, parts, whole=False)

    def _ship(self, deed: str, order: Order, parts: dict[int, int], *, whole: bool) -> None:
        fits = all(number <= order.lines[line_id].to_ship for line_id, number in parts.items())
        parcel = self.attempt(
            deed,
            can_ship(order) and any(parts.values()) and fits,
            lambda: ship_order(
                order_number=order.number,
                carrier="sf",
                tracking_no=self.number("SF"),
                at=self.at,
                actor=self.shop.boss,
                pieces=None if whole else parts,
            ),
        )
        if parcel is not None:
            self.model.ship(order, parts, parcel.number, self.at)

    @precondition(lambda self: any(order.parcels for order in self.orders))
    @rule(n=nth)
    def sign(self, n: int) -> None:
        """The carrier says that somebody signed for a parcel."""
        parcels = [(order, number) for order in self.orders for number in order.parcels]
        order, number = parcels[n % len(parcels)]
        signed = ShipmentTrace.Code.SIGNED
        self.attempt(
            "sign",
            True,
            lambda: record_trace(shipment_number=number, code=signed, at=self.at),
        )
        self.model.sign(order, number, self.at)

    @precondition(lambda self: any(order.parcels for order in self.orders))
    @rule(n=nth)
    def confirm(self, n: int) -> None:
        """The buyer says that the goods are there."""
        order = self.order_where(n, lambda one: one.status == "shipped")
        done = self.attempt(
            "receive",
            order.status == "shipped",
            lambda: receive_order(number=order.number, at=self.at, member_id=order.member.id),
        )
        if done is not None:
            self.model.receive(order, self.at)

    @precondition(lambda self: any(order.parcels for order in self.orders))
    @rule()
    def receive_by_the_clock(self) -> None:
        """Who says nothing in time, and asks nothing, has received it."""
        self.attempt("receive by the clock", True, lambda: receive_due(self.at))
        for order in self.orders:
            is_due = order.receive_due_at is not None and order.receive_due_at <= self.at
            if order.status == "shipped" and is_due and not order.has_open_case:
                self.model.receive(order, self.at)

    @precondition(lambda self: any(order.paid for order in self.orders))
    @rule(days=st.sampled_from([0, 0, 8]))
    def complete(self, days: int) -> None:
        """A week after receipt the money goes to the sellers; of a closed order at once."""
        self.at += days * DAYS
        self.attempt("complete", True, lambda: (complete_due(self.at), settle_closed(self.at)))
        for order in self.orders:
            is_over = order.received_at is not None and order.received_at <= self.at - 7 * DAYS
            if order.status == "received" and is_over and not order.has_open_case:
                order.status = "completed"
                self.model.settle(order)
            elif order.status == "closed" and order.paid and order.settled is None:
                self.model.settle(order)
