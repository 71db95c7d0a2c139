"""From paid to completed: looked at, sent in parcels, signed for, received, settled."""

from datetime import datetime

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
from orders.tests.machine.deeds import (
    between,
    deed,
    is_unfit,
    nth,
    one_of,
    pick,
    several,
    yes_or_no,
)
from orders.tests.machine.facts import Order
from orders.tests.machine.life import Life
from orders.tests.machine.model import DAYS


def can_ship(order: Order) -> bool:
    return order.status in ("paid", "part_shipped") and not order.in_review


def is_shipped(order: Order) -> bool:
    return order.status == "shipped"


def is_over(end: datetime | None, at: datetime) -> bool:
    """True when a time that was set has come."""
    return end is not None and end <= at


def may_be_received(order: Order) -> bool:
    """True of what the clock may receive: whoever asks something is not hurried."""
    return is_shipped(order) and not order.has_open_case


def may_be_completed(order: Order) -> bool:
    return order.status == "received" and not order.has_open_case


def is_unsettled(order: Order) -> bool:
    return order.status == "closed" and order.paid > 0 and order.settled is None


def is_waiting(order: Order) -> bool:
    """True when it has pieces that may leave now."""
    return can_ship(order) and any(line.to_ship for line in order.lines.values())


class Fulfilling(Life):
    """What the warehouse, the carrier, the buyer and the clock do with a paid order."""

    @deed(
        40,
        may=lambda self: any(order.in_review for order in self.orders),
        n=nth,
        passes=yes_or_no,
    )
    def look_at_it(self, n: int, passes: bool) -> None:
        """A dear order waits for a person, who lets it go on or pays it back."""
        looked_at = [order for order in self.orders if order.in_review]
        order = looked_at[n % len(looked_at)]
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

    @deed(6, may=lambda self: any(map(is_waiting, self.orders)), n=nth)
    def ship_all(self, n: int) -> None:
        """Everything that is left leaves."""
        order = self.order_where(n, is_waiting)
        parts = {line.id: line.to_ship for line in order.lines.values() if line.to_ship}
        self._ship("ship all", order, parts, whole=True)

    @deed(
        5,
        may=lambda self: any(map(is_waiting, self.orders)),
        n=nth,
        wanted=several(3, between(0, 3)),
    )
    def ship_part(self, n: int, wanted: tuple[int, ...]) -> None:
        """Some pieces of some lines leave, or more than there are."""
        order = self.order_where(n, is_waiting)
        parts = dict(zip(order.lines, wanted, strict=False))
        if not is_unfit(n):
            parts = {pk: min(number, order.lines[pk].to_ship) for pk, number in parts.items()}
        self._ship("ship part", order, parts, whole=False)

    def _ship(self, name: str, order: Order, parts: dict[int, int], *, whole: bool) -> None:
        fits = all(number <= order.lines[line_id].to_ship for line_id, number in parts.items())
        parcel = self.attempt(
            name,
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

    @property
    def parcels(self) -> list[tuple[Order, str, bool]]:
        """Of which order, its number, and whether somebody signed for it."""
        return [
            (order, number, signed)
            for order in self.orders
            for number, signed in order.parcels.items()
        ]

    @deed(5, may=lambda self: not all(signed for _order, _number, signed in self.parcels), n=nth)
    def sign(self, n: int) -> None:
        """The carrier says that somebody signed for a parcel, or says it once more."""
        order, number, again = pick(n, self.parcels, lambda parcel: not parcel[2])
        signed = ShipmentTrace.Code.SIGNED
        self.attempt(
            "sign again" if again else "sign",
            True,
            lambda: record_trace(shipment_number=number, code=signed, at=self.at),
        )
        self.model.sign(order, number, self.at)

    @deed(4, may=lambda self: any(map(is_shipped, self.orders)), n=nth)
    def confirm(self, n: int) -> None:
        """The buyer says that the goods are there."""
        order = self.order_where(n, is_shipped)
        done = self.attempt(
            "receive",
            is_shipped(order),
            lambda: receive_order(number=order.number, at=self.at, member_id=order.member.id),
        )
        if done is not None:
            self.model.receive(order, self.at)

    @deed(14, may=lambda self: any(map(may_be_received, self.orders)), days=one_of(16, 16, 16, 11))
    def receive_by_the_clock(self, days: int) -> None:
        """Who says nothing in time, and asks nothing, has received it."""
        self.at += days * DAYS
        due = [
            order
            for order in self.orders
            if may_be_received(order) and is_over(order.receive_due_at, self.at)
        ]
        name = "receive by the clock" if due else "nothing to receive"
        self.attempt(name, True, lambda: receive_due(self.at))
        for order in due:
            self.model.receive(order, self.at)

    @deed(16, may=lambda self: any(map(may_be_completed, self.orders)), days=one_of(8, 8, 8, 0))
    def complete(self, days: int) -> None:
        """A week after receipt the money goes to the sellers."""
        self.at += days * DAYS
        over = [
            order
            for order in self.orders
            if may_be_completed(order) and is_over(order.received_at, self.at - 7 * DAYS)
        ]
        name = "complete" if over else "nothing to complete"
        self.attempt(name, True, lambda: complete_due(self.at))
        for order in over:
            order.status = "completed"
            self.model.settle(order)

    @deed(2, may=lambda self: any(map(is_unsettled, self.orders)))
    def settle_closed(self) -> None:
        """What a closed order did not pay back is the shop's at once."""
        self.attempt("settle closed", True, lambda: settle_closed(self.at))
        for order in self.orders:
            if is_unsettled(order):
                self.model.settle(order)
