"""What operators change by hand: prices, addresses, compensations, the stock."""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from inventory.services import (
    cancel_transfer,
    count_stock,
    draft_transfer,
    finish_transfer,
    receive_stock,
    receive_transfer,
    send_transfer,
)
from mall.kernel.money import split
from members.testing import HANGZHOU
from orders.services import Destination, change_address, compensate, reprice_order
from orders.tests.machine.life import Life, nth
from orders.tests.machine.shop import BEIJING, stock_rows


@dataclass(eq=False)
class Journey:
    """Pieces of one SKU between two houses."""

    id: int
    sku: int
    pieces: int


class Operating(Life):
    """The shop's own people at work."""

    def __init__(self) -> None:
        super().__init__()
        self.journeys: list[Journey] = []

    @precondition(lambda self: any(order.status == "unpaid" for order in self.orders))
    @rule(n=nth, percent=st.integers(0, 110), keeps_freight=st.booleans())
    def reprice(self, n: int, percent: int, keeps_freight: bool) -> None:
        """A better price as long as nobody has paid; what was begun at the old one is ended."""
        order = self.order_where(n, lambda one: one.status == "unpaid")
        off = order.goods * percent // 100
        freight = order.freight if keeps_freight else order.freight // 2
        changes = off > 0 or freight != order.freight
        allowed = (
            order.status == "unpaid"
            and changes
            and off <= min(order.goods, order.goods + freight - 1)
        )
        if allowed:
            self.model.end_payments(order, self.at)
            allowed = order.status == "unpaid"
        done = self.attempt(
            "reprice",
            allowed,
            lambda: reprice_order(
                order_number=order.number,
                off_fen=off,
                freight_fen=freight,
                reason="a regular",
                actor=self.shop.boss,
                at=self.at,
            ),
        )
        if done is not None:
            payables = [line.payable for line in order.lines.values()]
            parts = split(off, payables) if off else [0] * len(payables)
            self.model.reprice(order, dict(zip(order.lines, parts, strict=True)), freight)

    @precondition(lambda self: any(one.status in ("unpaid", "paid") for one in self.orders))
    @rule(n=nth, region_code=st.sampled_from([BEIJING, HANGZHOU]))
    def readdress(self, n: int, region_code: str) -> None:
        """Elsewhere, from other houses; the same goods at the same price."""
        order = self.order_where(n, lambda one: one.status in ("unpaid", "paid"))
        nothing_left = not any(line.shipped for line in order.lines.values())
        self.attempt(
            "change address",
            order.status in ("unpaid", "paid") and nothing_left,
            lambda: change_address(
                order_number=order.number,
                to=Destination("李四", "13900001111", region_code, "长安街 2 号"),
                reason="moved",
                actor=self.shop.boss,
                at=self.at,
            ),
        )

    @precondition(lambda self: any(order.paid for order in self.orders))
    @rule(n=nth, amount=st.sampled_from([0, 1, 500, 3_000, 50_000]))
    def compensate_buyer(self, n: int, amount: int) -> None:
        """Money for trouble, in all no more than was paid."""
        order = self.order_where(n, lambda one: one.paid)
        allowed = 0 < amount <= order.paid - order.compensated
        self.attempt(
            "compensate",
            allowed,
            lambda: compensate(
                order_number=order.number,
                amount_fen=amount,
                reason="sorry",
                actor=self.shop.boss,
                at=self.at,
            ),
        )
        if allowed:
            order.compensated += amount
            order.member.wallet += amount

    @rule(n=nth, counted=st.integers(0, 9))
    def count(self, n: int, counted: int) -> None:
        """A shelf is counted: never fewer than are promised."""
        rows = stock_rows()
        row = rows[n % len(rows)]
        done = self.attempt(
            "count stock",
            counted >= row.reserved,
            lambda: count_stock(
                item_id=row.pk, counted=counted, at=self.at, actor=self.shop.boss, note="count"
            ),
        )
        if done is not None:
            self.model.on_hand[row.sku_id] += counted - row.on_hand

    @rule(n=nth, pieces=st.integers(1, 6), house=st.integers(0, 1))
    def receive_goods(self, n: int, pieces: int, house: int) -> None:
        """A delivery comes in."""
        sku = self.shop.skus[n % len(self.shop.skus)]
        self.attempt(
            "receive stock",
            True,
            lambda: receive_stock(
                sku=sku,
                warehouse=self.shop.houses[house],
                quantity=pieces,
                source_type="machine",
                source_id=self.number("D"),
                at=self.at,
            ),
        )
        self.model.on_hand[sku.pk] += pieces

    @rule(n=nth, pieces=st.integers(1, 4))
    def move_goods(self, n: int, pieces: int) -> None:
        """Pieces leave one house for the other: in transit they are nobody's to sell."""
        rows = stock_rows()
        row = rows[n % len(rows)]
        other = next(house.pk for house in self.shop.houses if house.pk != row.warehouse_id)
        paper = draft_transfer(
            origin_id=row.warehouse_id, target_id=other, pieces={row.sku_id: pieces}, at=self.at
        )
        done = self.attempt(
            "send transfer",
            pieces <= row.available,
            lambda: send_transfer(transfer_id=paper.pk, at=self.at),
        )
        if done is not None:
            self.model.on_hand[row.sku_id] -= pieces
            self.model.in_transit[row.sku_id] += pieces
            self.journeys.append(Journey(paper.pk, row.sku_id, pieces))

    @precondition(lambda self: self.journeys)
    @rule(n=nth, end=st.sampled_from(["arrive", "one", "turn back", "lose"]))
    def end_journey(self, n: int, end: str) -> None:
        """They arrive, one by one or together, turn back, or are lost."""
        journey = self.journeys[n % len(self.journeys)]
        pieces = 1 if end == "one" else journey.pieces
        if end in ("arrive", "one"):
            reference = self.number("T")
            self.attempt(
                "receive transfer",
                True,
                lambda: receive_transfer(
                    transfer_id=journey.id,
                    pieces={journey.sku: pieces},
                    reference=reference,
                    at=self.at,
                ),
            )
        else:
            verb = cancel_transfer if end == "turn back" else finish_transfer
            self.attempt(f"transfer, {end}", True, lambda: verb(transfer_id=journey.id, at=self.at))
        self.model.in_transit[journey.sku] -= pieces
        self.model.on_hand[journey.sku] += 0 if end == "lose" else pieces
        journey.pieces -= pieces
        if not journey.pieces:
            self.journeys.remove(journey)
