"""The operators of the run: say yes to what buyers ask back, send every tenth order.

`python -m bench.doomsday.operator`: a process of the mall's side, by verbs alone; like every other
one it may die at any moment and is started again.
"""

from __future__ import annotations

import logging
import os
import time
import zlib
from contextlib import suppress

import django

PAUSE_SECONDS = 1.0
SENT_OF = 10
BATCH = 20
logger = logging.getLogger(__name__)


def main() -> None:
    """Work until killed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings")
    django.setup()
    from django.db import DatabaseError, InterfaceError, connection

    while True:
        try:
            work()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("again in a moment: %s", error)
            connection.close()
        time.sleep(PAUSE_SECONDS)


def work() -> None:
    """One look at the desk; what the shop refuses stays there."""
    from bench.doomsday.world import OPERATOR
    from mall.kernel import clock
    from mall.kernel.errors import ShopError
    from members.models import Account
    from orders.models import AfterSale, Order
    from orders.services import approve_after_sale, ship_order

    operator = Account.objects.get(username=OPERATOR)
    asked = AfterSale.objects.filter(state=AfterSale.State.REQUESTED).order_by("pk")
    for number in list(asked.values_list("number", flat=True)[:BATCH]):
        with suppress(ShopError):
            approve_after_sale(number=number, actor=operator, at=clock.now())
    waiting = Order.objects.filter(status=Order.Status.PAID, stage=Order.Stage.TO_PACK)
    for number in list(waiting.order_by("-pk").values_list("number", flat=True)[:BATCH]):
        if zlib.crc32(number.encode()) % SENT_OF:
            continue
        with suppress(ShopError):
            ship_order(
                order_number=number,
                carrier="sf",
                tracking_no=f"SF{number}",
                at=clock.now(),
                actor=operator,
            )


if __name__ == "__main__":
    main()
