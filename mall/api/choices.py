"""Choices that the schema names: fields that are called alike in several answers."""

from members.models import Withdrawal
from orders.models import Order, Payment
from promotions.models import BargainStart, Campaign, Coupon, Prize, Team

COUPON_KINDS = Coupon.Kind.values
ORDER_STATUSES = Order.Status.values
PAYMENT_STATUSES = Payment.Status.values
ACTIVITY_KINDS = [str(kind) for kind in Campaign.ACTIVITIES]
INVOICE_KINDS = ["personal", "company"]
PRIZE_KINDS = Prize.Kind.values
BARGAIN_STATES = BargainStart.State.values
TEAM_STATES = Team.State.values
WITHDRAWAL_STATES = Withdrawal.State.values
PACKET_STATES = ["open", "mine", "empty", "over"]
COUPON_OFFER_STATES = ["open", "taken", "gone", "later"]
GRANT_STATES = ["usable", "locked", "used", "expired"]
GRANT_FILTERS = ["usable", "used", "expired"]
