"""Builders of orders for tests, through the verbs: stock, coupons, points and ledgers always
agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch

from catalog.models import Sku
from catalog.testing import make_sku
from inventory.selectors import available_pieces
from inventory.testing import make_stock
from members.models import Member
from members.testing import make_address, make_member
from orders.models import Order, Payment, WarrantyRule
from orders.providers.sandbox.cashier import write_notice
from orders.services import (
    Submission,
    Wanted,
    lock_flash_stock,
    pay_at_cashier,
    place_order,
    receive_order,
    ship_order,
    start_payment,
)
from promotions import engine
from promotions.models import ActivityItem, Campaign
from promotions.services import ask_for_stock
from promotions.testing import make_campaign

__all__ = [
    "NOON",
    "make_flash_order",
    "make_flash_sale",
    "make_group_order",
    "make_order",
    "make_presale",
    "make_received_order",
    "make_stocked_sku",
    "make_warranty_rule",
    "offered",
    "open_sandbox_payment",
    "pay",
    "without_turns",
    "write_notice",
]

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
FORTY_PIECES = 40


def make_order(
    *,
    member: Member | None = None,
    sku: Sku | None = None,
    quantity: int = 1,
    paid: bool = False,
    at: datetime = NOON,
    wanted: tuple[Wanted, ...] | None = None,
    **submission: Any,
) -> Order:
    """An order of ``quantity`` pieces of ``sku`` (or ``wanted``), with stock made where there is
    none."""
    member = member or make_member()
    to = member.addresses.first() or make_address(member=member)
    if wanted is None:
        wanted = (Wanted((sku or make_stocked_sku()).pk, quantity),)
    for line in wanted:
        if line.offer is None and available_pieces([line.sku_id])[line.sku_id] < line.quantity:
            make_stock(sku=Sku.objects.get(pk=line.sku_id), on_hand=FORTY_PIECES)
    order = place_order(
        member_id=member.pk,
        submission=Submission(address_id=to.pk, wanted=wanted, **submission),
        at=at,
    )
    if paid and order.payable_fen:
        pay(order, at=at)
    return Order.objects.get(pk=order.pk)


def make_flash_sale(
    *skus: Sku,
    price_fen: int = 5_000,
    quota: int = 20,
    per_member: int = 1,
    at: datetime = NOON,
    **values: Any,
) -> Campaign:
    """A live flash sale of ``skus``, an hour old and two hours long, its pieces set aside."""
    window = {"starts_at": at - timedelta(hours=1), "ends_at": at + timedelta(hours=2)}
    campaign = make_campaign(Campaign.Kind.FLASH, **{"status": "approved", **window, **values})
    for sku in skus:
        ActivityItem.objects.create(
            campaign=campaign, sku=sku, price_fen=price_fen, quota=quota, per_member=per_member
        )
    ask_for_stock(campaign, at)
    lock_flash_stock(campaign_id=campaign.pk, at=at)
    campaign.refresh_from_db()
    return campaign


def make_warranty_rule(
    *, months: int = 12, starts_at: datetime, ends_at: datetime, **values: Any
) -> WarrantyRule:
    """Orders within the window get so many months on top, on all goods."""
    return WarrantyRule.objects.create(
        title_zh="今日下单送延保",
        title_en="Longer warranty",
        months=months,
        starts_at=starts_at,
        ends_at=ends_at,
        **values,
    )


def make_flash_order(campaign: Campaign, *, quantity: int = 1, **values: Any) -> Order:
    """An order of the first goods of a flash sale."""
    item = campaign.items.order_by("pk")[0]
    offer = engine.Offer(kind=campaign.kind, rule_id=campaign.pk)
    return make_order(wanted=(Wanted(item.sku_id, quantity, offer),), **values)


def make_group_order(campaign: Campaign, team: str = "", **values: Any) -> Order:
    """An order of the first goods of a group buy: it opens a team, or joins the one named."""
    item = campaign.items.order_by("pk")[0]
    offer = engine.Offer(campaign.kind, campaign.pk, team)
    return make_order(wanted=(Wanted(item.sku_id, 1, offer),), **values)


def make_presale(
    *,
    sku: Sku | None = None,
    price_fen: int = 20_000,
    deposit_fen: int = 2_000,
    worth_fen: int = 5_000,
    quota: int = 20,
    at: datetime = NOON,
    deposit_comes_back: bool = False,
) -> Campaign:
    """A live presale of one SKU that is not in stock: deposits for a day, balances three days
    later for two days."""
    campaign = make_campaign(
        Campaign.Kind.PRESALE,
        starts_at=at - timedelta(hours=1),
        ends_at=at + timedelta(days=1),
        rule={
            "balance_from": (at + timedelta(days=3)).isoformat(),
            "balance_until": (at + timedelta(days=5)).isoformat(),
            "ships_on": "2026-12-10",
            "deposit_comes_back": deposit_comes_back,
        },
    )
    ActivityItem.objects.create(
        campaign=campaign,
        sku=sku or make_sku(price_fen=price_fen),
        price_fen=price_fen,
        quota=quota,
        deposit_fen=deposit_fen,
        worth_fen=worth_fen,
    )
    return campaign


def offered(item: ActivityItem, quantity: int = 1, reference: str = "") -> Wanted:
    """Pieces of an activity's goods, at its price."""
    offer = engine.Offer(item.campaign.kind, item.campaign_id, reference)
    return Wanted(item.sku_id, quantity, offer)


def make_stocked_sku(*, price_fen: int = 10_000, on_hand: int = FORTY_PIECES, **values: Any) -> Sku:
    """A SKU on sale with pieces in the test warehouse."""
    sku = make_sku(price_fen=price_fen, **values)
    make_stock(sku=sku, on_hand=on_hand)
    return sku


def open_sandbox_payment(order: Order, *, at: datetime = NOON) -> Payment:
    """A pending payment that the sandbox knows about."""
    assert order.member_id is not None
    start = start_payment(
        order_number=order.number,
        member_id=order.member_id,
        provider="sandbox",
        scene="sandbox",
        at=at,
    )
    return start.payment


def pay(order: Order, *, at: datetime = NOON) -> Payment:
    """Pay an order at the sandbox's cashier; its signed notice is applied."""
    payment = open_sandbox_payment(order, at=at)
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=at)
    payment.refresh_from_db()
    return payment


def make_received_order(*, at: datetime = NOON, **values: Any) -> Order:
    """An order that was paid, shipped whole and confirmed."""
    order = make_order(paid=True, at=at, **values)
    ship_order(order_number=order.number, carrier="sf", tracking_no=f"SF{order.pk:010}", at=at)
    return receive_order(number=order.number, at=at)


@contextmanager
def without_turns() -> Iterator[None]:
    """Let one member's orders be placed at once: for controls of what comes after their turn."""
    keys = count(1)
    with patch("orders.services.risk.admitting.advisory_key", lambda *_parts: next(keys)):
        yield
