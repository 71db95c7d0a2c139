"""Messages to an order's buyer."""

from datetime import datetime

from mall.kernel.notify import notify
from members.models import Member
from orders.models import Order


def tell_buyer(
    order: Order, template: str, params: dict[str, object], *, at: datetime, cause: str
) -> None:
    """A message to the order's buyer, once a cause; imported guests' orders tell nobody. Queries:
    2."""
    if order.member_id is None:
        return
    account_id = Member.objects.values_list("account_id", flat=True).get(pk=order.member_id)
    notify(
        [account_id],
        template,
        {"number": order.number, **params},
        at=at,
        route=("storefront:order", (order.number,)),
        source=cause,
    )
