"""The operators of the run: say yes to what buyers ask back, send every tenth order. By verbs
alone. Needs Django set up."""

from __future__ import annotations

import zlib
from contextlib import suppress
from datetime import datetime

from bench.doomsday.world import OPERATOR
from mall.kernel.errors import ShopError
from members.models import Account
from orders.models import AfterSale, Order
from orders.services import approve_after_sale, ship_order

SENT_OF = 10
BATCH = 20


def work(at: datetime) -> None:
    """One look at the desk; what the shop refuses stays there."""
    operator = Account.objects.get(username=OPERATOR)
    asked = AfterSale.objects.filter(state=AfterSale.State.REQUESTED).order_by("pk")
    for number in list(asked.values_list("number", flat=True)[:BATCH]):
        with suppress(ShopError):
            approve_after_sale(number=number, actor=operator, at=at)
    waiting = Order.objects.filter(status=Order.Status.PAID, stage=Order.Stage.TO_PACK)
    for number in list(waiting.order_by("-pk").values_list("number", flat=True)[:BATCH]):
        if zlib.crc32(number.encode()) % SENT_OF == 0:
            _send(number, operator, at)


def _send(number: str, operator: Account, at: datetime) -> None:
    with suppress(ShopError):
        ship_order(
            order_number=number, carrier="sf", tracking_no=f"SF{number}", at=at, actor=operator
        )
