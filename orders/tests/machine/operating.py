"""What operators change by hand: prices, addresses, compensations, the stock."""

from dataclasses import dataclass

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
from orders.tests.machine.buying import is_unpaid, may_be_cancelled
from orders.tests.machine.deeds import between, deed, is_unfit, nth, one_of, pick, yes_or_no
from orders.tests.machine.life import Life
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

    @deed(
        3,
        may=lambda self: any(map(is_unpaid, self.orders)),
        n=nth,
        percent=one_of(0, 1, 7, 30, 50, 99, 100, 110),
        keeps_freight=yes_or_no,
    )
    def reprice(self, n: int, percent: int, keeps_freight: bool) -> None:
        """A better price as long as nobody has paid; what was begun at the old one is ended."""
        order = self.order_where(n, is_unpaid)
        off = order.goods * percent // 100
        freight = order.freight if keeps_freight else order.freight // 2
        changes = off > 0 or freight != order.freight
        allowed = (
            is_unpaid(order) and changes and off <= min(order.goods, order.goods + freight - 1)
        )
        if allowed:
            self.model.end_payments(order, self.at)
            allowed = is_unpaid(order)
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

    @deed(
        2,
        may=lambda self: any(map(may_be_cancelled, self.orders)),
        n=nth,
        region_code=one_of(BEIJING, HANGZHOU),
    )
    def readdress(self, n: int, region_code: str) -> None:
        """Elsewhere, from other houses; the same goods at the same price."""
        order = self.order_where(n, may_be_cancelled)
        nothing_left = not any(line.shipped for line in order.lines.values())
        self.attempt(
            "change address",
            may_be_cancelled(order) and nothing_left,
            lambda: change_address(
                order_number=order.number,
                to=Destination("李四", "13900001111", region_code, "长安街 2 号"),
                reason="moved",
                actor=self.shop.boss,
                at=self.at,
            ),
        )

    @deed(
        1,
        may=lambda self: any(order.paid for order in self.orders),
        n=nth,
        amount=one_of(1, 500, 3_000, 3_000, 0, 50_000),
    )
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

    @deed(0.6, n=nth, counted=between(0, 9))
    def count(self, n: int, counted: int) -> None:
        """A shelf is counted: never fewer than are promised."""
        rows = stock_rows()
        row = rows[n % len(rows)]
        counted += 0 if is_unfit(n) else row.reserved
        done = self.attempt(
            "count stock",
            counted >= row.reserved,
            lambda: count_stock(
                item_id=row.pk, counted=counted, at=self.at, actor=self.shop.boss, note="count"
            ),
        )
        if done is not None:
            self.model.on_hand[row.sku_id] += counted - row.on_hand

    @deed(0.6, n=nth, pieces=between(1, 6), house=between(0, 1))
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

    @deed(0.6, n=nth, pieces=between(1, 4))
    def move_goods(self, n: int, pieces: int) -> None:
        """Pieces leave one house for the other: in transit they are nobody's to sell."""
        rows = stock_rows()
        row = pick(n, rows, lambda one: one.available >= pieces)
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

    @deed(
        8,
        may=lambda self: self.journeys,
        n=nth,
        end=one_of("arrive", "one", "turn back", "lose"),
    )
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
