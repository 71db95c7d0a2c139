"""Who may buy in an activity, where it takes knowing their orders. Source: P-32."""

from django.db.models import Q

from orders.models import Order
from promotions import engine
from promotions.errors import NewBuyersOnly
from promotions.models import Campaign
from promotions.selectors import GroupRule, activity_of


def check_new_buyer(offer: engine.Offer | None, member_id: int | None) -> None:
    """Keep group buys for new buyers to them: members of whom no order was ever paid.

    One of them at a time: who has a group order to pay would be no new buyer with the next.
    Queries: none but in a group buy, there 1 or 2. Raises: NewBuyersOnly, NotFound.
    """
    if offer is None or offer.kind != Campaign.Kind.GROUP or member_id is None:
        return
    rule = activity_of(offer.rule_id)
    if not (isinstance(rule, GroupRule) and rule.newcomers_only):
        return
    paying = Q(status=Order.Status.UNPAID, offer_kind=Campaign.Kind.GROUP)
    if Order.objects.of_member(member_id).filter(Q(paid_at__isnull=False) | paying).exists():
        raise NewBuyersOnly
