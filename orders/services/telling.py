"""Messages to an order's buyer."""

from datetime import datetime

from mall.kernel.notify import notify
from members.models import Member
from orders.models import Order


def tell_buyer(
    order: Order,
    template: str,
    params: dict[str, object],
    *,
    at: datetime,
    cause: str,
    account_id: int | None = None,
) -> None:
    """A message to the order's buyer, once a cause; imported guests' orders tell nobody.

    ``account_id`` is the buyer's where it is known. Queries: 2; 1 less with it, 1 less inside
    `appended_together`.
    """
    if order.member_id is None:
        return
    if account_id is None:
        account_id = Member.objects.values_list("account_id", flat=True).get(pk=order.member_id)
    notify(
        [account_id],
        template,
        {"number": order.number, **params},
        at=at,
        route=("storefront:order", (order.number,)),
        source=cause,
    )
