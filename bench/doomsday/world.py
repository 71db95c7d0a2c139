"""The mall's side of the run: the shop before it, the books after it. Needs Django set up."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import F, Q

from mall.kernel import ledger
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from mall.kernel.outbox.models import OutboxEvent
from members.models import Account, Address
from members.testing import make_address, make_member, make_operator
from orders.models import AfterSale, Order, Payment, Refund, RiskPolicy
from orders.testing import make_stocked_sku
from promotions.models import Campaign
from promotions.services import CampaignValues, Goods, publish_campaign, save_campaign
from promotions.testing import make_coupon, make_pricing_settings

PASSWORD = "Doomsday-2026"  # noqa: S105 - of made-up buyers in a database that is thrown away
OPERATOR = "doomsday-operator"
HOT, SCARCE = 3, 2
MOST_OF_ONE = 30_000
"""Of anything that is limited: a buyer of the run stands for a hundred."""
SCARCE_PIECES = 20
PAY_MINUTES = 1
CHANNELS = ("wechatpay", "alipay")
LOOK_SECONDS = 1.0


def open_shop(at: datetime, *, orders: int, buyers: int, skus: int) -> dict[str, Any]:
    """Goods, a flash sale of a minute to pay, a coupon, and buyers with points."""
    enough = orders * 3
    goods = [make_stocked_sku(price_fen=3_000 + 310 * n, on_hand=enough) for n in range(skus)]
    scarce = [make_stocked_sku(price_fen=9_900, on_hand=SCARCE_PIECES) for _n in range(SCARCE)]
    hot = [make_stocked_sku(price_fen=19_900, on_hand=enough) for _n in range(HOT)]
    campaign = _flash_sale([sku.pk for sku in hot], orders, at)
    RiskPolicy.objects.update(
        burst_score=0,
        shared_score=0,
        coupon_score=0,
        many_score=0,
        place_score=0,
        small_score=0,
        most_unpaid_orders=MOST_OF_ONE,
        most_unpaid_pieces=MOST_OF_ONE,
    )
    make_operator(username=OPERATOR)
    coupon = make_coupon(off_fen=500, total=orders * 4, per_member=MOST_OF_ONE)
    return {
        "campaign_id": campaign.pk,
        "coupon_id": coupon.pk,
        "skus": [sku.pk for sku in goods],
        "hot": [sku.pk for sku in hot],
        "scarce": [sku.pk for sku in scarce],
        "buyers": _buyers(buyers),
    }


def _flash_sale(hot: Sequence[int], orders: int, at: datetime) -> Campaign:
    """A sale that is on, of pieces that last, with a minute to pay."""
    make_pricing_settings(approval_over_fen=None)
    campaign = save_campaign(
        values=CampaignValues(
            kind=Campaign.Kind.FLASH,
            title_zh="秒杀",
            title_en="Flash sale",
            starts_at=at - timedelta(minutes=1),
            ends_at=at + timedelta(hours=6),
            rule={"allows": ["coupon"], "pay_minutes": PAY_MINUTES},
            goods=[
                Goods(
                    sku_id=pk,
                    price_fen=9_900,
                    quota=orders,
                    per_member=min(orders, MOST_OF_ONE),
                )
                for pk in hot
            ],
        ),
        at=at,
    )
    publish_campaign(campaign_id=campaign.pk, at=at)
    while relay_batch(at):
        pass
    campaign.refresh_from_db()
    if campaign.status != Campaign.Status.LIVE:
        raise SystemExit(f"the sale is {campaign.status}: {campaign.reason}")
    return campaign


def _buyers(number: int) -> list[dict[str, Any]]:
    """Members with points, an address and one password, hashed once."""
    hashed = make_password(PASSWORD)
    rows = []
    for n in range(number):
        member = make_member(phone=f"139{n:08}", points=100_000)
        Account.objects.filter(pk=member.account_id).update(password=hashed)
        address = make_address(member=member)
        Address.objects.filter(pk=address.pk).update(detail=f"文三路 {n + 1} 号")
        rows.append({"phone": f"139{n:08}", "password": PASSWORD, "address_id": address.pk})
    return rows


def drain(
    paid: Collection[str], most_seconds: int, tell_time: Callable[[], datetime]
) -> dict[str, Any]:
    """Wait until nothing is left to do; how long it took and what was left when it was given up.

    ``paid`` are the payments that the providers' books call paid.
    """
    began = time.monotonic()
    while True:
        left = _left(paid, tell_time())
        seconds = time.monotonic() - began
        if not any(left.values()) or seconds > most_seconds:
            return {"seconds": round(seconds, 1), "left": left}
        time.sleep(LOOK_SECONDS)


def _left(paid: Collection[str], at: datetime) -> dict[str, int]:
    unheard = Payment.objects.filter(payment_no__in=paid).exclude(status=Payment.Status.SUCCEEDED)
    overdue = Q(stage=Order.Stage.CLOSING) | Q(expires_at__lte=at)
    return {
        "events": OutboxEvent.objects.filter(done_at=None).count(),
        "refunds": Refund.objects.filter(status=Refund.Status.PENDING).count(),
        "payments": unheard.count(),
        "cases": AfterSale.objects.filter(state=AfterSale.State.REQUESTED).count(),
        "closings": Order.objects.filter(overdue, status=Order.Status.UNPAID).count(),
    }


def books() -> dict[str, Any]:
    """What our own database says of everything that the journal and the providers may claim."""
    results = list(audit())
    orders = Order.objects.annotate(key=F("note"), buyer=F("member__account__phone"))
    return {
        "orders": list(
            orders.values("number", "key", "buyer", "status", "payable_fen", "close_reason")
        ),
        "payments": list(
            Payment.objects.exclude(provider="none").values(
                "payment_no", "provider", "status", "amount_fen", "is_surplus", "order__number"
            )
        ),
        "refunds": list(
            Refund.objects.values("refund_no", "status", "amount_fen", "payment__payment_no")
        ),
        "cases": list(AfterSale.objects.values("number", "order__number", "state")),
        "balances": {code: ledger.balance_of(f"provider:{code}") for code in CHANNELS},
        "checked": len(results),
        "laws": {law.code: list(found.rows) for law, found in results if found},
    }
