"""The real shop of the machine: made once, then looked at after every deed in two statements."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from catalog.models import Sku
from catalog.testing import make_freight_template, make_product
from inventory.models import StockItem, Warehouse
from inventory.testing import make_stock, make_warehouse
from mall.kernel.invariants import invariants
from members.models import Account, Address, LoyaltyPolicy, Tier
from members.services import credit_wallet
from members.testing import make_address, make_member, make_operator
from orders.models import ReviewPolicy, RiskPolicy
from orders.providers.sandbox import book
from orders.providers.sandbox.keys import folder
from orders.tests.machine.facts import Member
from orders.tests.machine.model import COUPON_FEN, THRESHOLD_FEN, THRESHOLD_OFF_FEN, UNUSED, Model
from promotions.testing import make_coupon, make_grant, make_threshold_off

BEIJING = "110101001"
REVIEW_FEN = 25_000
POINTS, WALLET_FEN, COUPONS, PIECES = 20_000, 80_000, 2, (7, 4)
CHEAP = ("INV-01", "INV-04b", "INV-09a", "INV-12", "INV-14e", "INV-15", "INV-16b")
"""The laws that are held every few deeds; all of them at the end of a life."""

SNAPSHOT = """
SELECT json_build_object(
 'orders', (SELECT json_object_agg(number, json_build_array(status, stage = 'in_review',
   close_reason, payable_fen, paid_fen, refunded_fen, freight_refunded_fen, settled_fen,
   settled_at IS NOT NULL)) FROM orders_order),
 'lines', (SELECT json_object_agg(id, json_build_array(payable_fen, shipped, refunding,
   refunding_fen, refunded, refunded_fen, withdrawing, withdrawn)) FROM orders_orderline),
 'payments', (SELECT json_object_agg(payment_no, json_build_array(status, is_surplus))
   FROM orders_payment),
 'refunds', (SELECT json_agg(r.what ORDER BY r.what) FROM (SELECT p.payment_no || ' ' ||
   f.amount_fen || ' ' || f.status || ' ' || f.attempts AS what FROM orders_refund f
   JOIN orders_payment p ON p.id = f.payment_id) r),
 'cases', (SELECT json_object_agg(number, json_build_array(state,
   goods_fen + freight_fen - gift_charge_fen, points_back)) FROM orders_aftersale),
 'stock', (SELECT json_object_agg(sku_id, json_build_array(a, b, c, d)) FROM (SELECT sku_id,
   SUM(on_hand) AS a, SUM(reserved) AS b, SUM(in_transit) AS c, SUM(defective) AS d
   FROM inventory_stockitem GROUP BY sku_id) s),
 'points', (SELECT json_object_agg(member_id, json_build_array(balance, debt))
   FROM members_pointsaccount),
 'wallets', (SELECT json_object_agg(member_id, balance_fen) FROM members_wallet),
 'coupons', (SELECT json_object_agg(id, json_build_array(state, order_number))
   FROM promotions_coupongrant))
"""


@dataclass(frozen=True)
class Shop:
    """Who and what is in it; the same for every life."""

    members: tuple[Member, ...]
    addresses: dict[int, int]
    skus: tuple[Sku, ...]
    houses: tuple[Warehouse, ...]
    boss: Account
    clerk: Account

    def model(self) -> Model:
        """The shop on paper as it is at the beginning."""
        people = [Member(one.id, one.points, one.wallet, dict(one.coupons)) for one in self.members]
        return Model(people, {sku.pk: sum(PIECES) for sku in self.skus}, REVIEW_FEN)


def open_shop(at: datetime) -> Shop:
    """Three SKUs in two warehouses, two members with points, money and coupons, one offer.

    Tiers grant nothing and points last, so that the model needs no calendar of years; what is
    dear is looked at.
    """
    Tier.objects.update(rate_bp=10_000, free_freight_fen=None, points_rate_bp=10_000)
    LoyaltyPolicy.objects.update(points_last_days=30_000)
    ReviewPolicy.objects.update_or_create(pk=1, defaults={"amount_fen": REVIEW_FEN})
    RiskPolicy.objects.update_or_create(pk=1, defaults={"is_on": False})
    make_threshold_off(steps=((THRESHOLD_FEN, THRESHOLD_OFF_FEN),))
    template = make_freight_template()
    pair = make_product(skus=2, price_fen=10_000, freight_template=template)
    single = make_product(price_fen=4_999, freight_template=template)
    skus = (*pair.skus.order_by("pk"), single.skus.get())
    houses = (make_warehouse(), make_warehouse(region_code="110101", priority=20))
    for sku in skus:
        for house, pieces in zip(houses, PIECES, strict=True):
            make_stock(sku=sku, on_hand=pieces, warehouse=house)
    members, addresses = [], {}
    coupon = make_coupon(off_fen=COUPON_FEN, per_member=COUPONS)
    for _n in range(2):
        member = make_member(points=POINTS, at=at)
        address: Address = make_address(member=member)
        addresses[member.pk] = address.pk
        credit_wallet(
            member_id=member.pk,
            amount_fen=WALLET_FEN,
            kind="prize",
            reference=f"opening {member.pk}",
            at=at,
        )
        grants = [make_grant(member=member, coupon=coupon, at=at).pk for _g in range(COUPONS)]
        members.append(Member(member.pk, POINTS, WALLET_FEN, dict.fromkeys(grants, UNUSED)))
    return Shop(
        tuple(members), addresses, skus, houses, make_operator(), make_operator(username="second")
    )


def look() -> dict[str, Any]:
    """Every status, sum and balance of the real shop. Queries: 1."""
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        (found,) = cursor.fetchone()
    return json.loads(found) if isinstance(found, str) else found


def described(model: Model) -> dict[str, Any]:
    """The same of the shop on paper, as JSON would say it; nothing is None."""
    held = model.reserved()
    orders = model.orders
    return {
        "orders": {
            o.number: [
                o.status,
                o.in_review,
                o.reason,
                o.payable,
                o.paid,
                o.refunded,
                o.freight_back,
                o.settled or 0,
                o.settled is not None,
            ]
            for o in orders
        }
        or None,
        "lines": {
            str(line.id): [
                line.payable,
                line.shipped,
                line.refunding,
                line.refunding_fen,
                line.refunded,
                line.refunded_fen,
                line.withdrawing,
                line.withdrawn,
            ]
            for o in orders
            for line in o.lines.values()
        }
        or None,
        "payments": {p.no: [p.ours, p.surplus] for o in orders for p in o.payments} or None,
        "refunds": sorted(
            f"{r.payment.no} {r.amount} {r.state} {r.attempts}" for o in orders for r in o.refunds
        )
        or None,
        "cases": {
            c.number: [c.state, c.money, sum(part.points for part in c.parts.values())]
            for o in orders
            for c in o.cases
        }
        or None,
        "stock": {
            str(sku): [model.on_hand[sku], held[sku], model.in_transit[sku], model.defective[sku]]
            for sku in model.on_hand
        },
        "points": {str(one.id): [one.points, one.debt] for one in model.members},
        "wallets": {str(one.id): one.wallet for one in model.members},
        "coupons": {
            str(grant): list(state) for one in model.members for grant, state in one.coupons.items()
        },
    }


@cache
def _cheap_sql() -> str:
    asked = [law for law in invariants() if law.code in CHEAP]
    return " UNION ALL ".join(
        f"SELECT '{law.code} ' || row_name FROM ({law.sql}) AS l{place} (row_name)"  # noqa: S608
        for place, law in enumerate(asked)
    )


def judge_deferred() -> None:
    """Hold what the database puts off to the commit, which a life never sees. Queries: 1."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def broken_laws() -> list[str]:
    """Rows that break one of the cheap laws. Queries: 1."""
    with connection.cursor() as cursor:
        cursor.execute(_cheap_sql())
        return [row for (row,) in cursor.fetchall()]


def let_provider_change_its_mind(payment_no: str, at: datetime) -> None:
    """A trade that the provider has closed is paid after all: its book says so from now on."""
    with sqlite3.connect(folder() / book.FILE, timeout=book.WAIT_SECONDS) as file:
        file.execute(
            "UPDATE trade SET state = 'paid', paid_at = ?, transaction_id = ? WHERE payment_no = ?",
            (at.isoformat(), f"42late{payment_no}", payment_no),
        )
    file.close()


def stock_rows() -> list[StockItem]:
    """Every row of stock, in a fixed order. Queries: 1."""
    return list(StockItem.objects.order_by("pk"))
