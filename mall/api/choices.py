"""Choices that the schema names: fields that are called alike in several answers."""

from catalog.models import ProductCertificate
from catalog.presenting import DETAIL_KINDS as PRODUCT_BLOCKS
from inventory.models import PromiseCode
from members.models import Proof, Withdrawal
from orders.models import (
    AfterSale,
    Order,
    PartnerReport,
    Payment,
    PickupRequest,
    Reason,
    SubOrder,
    Upload,
)
from promotions.models import BargainStart, Campaign, Coupon, Prize, ShareScene, Team
from promotions.presenting import BLOCK_KINDS as CONTENT_KINDS

CERTIFICATE_KINDS = ProductCertificate.Kind.values
DETAIL_KINDS = list(PRODUCT_BLOCKS)
BLOCK_KINDS = list(CONTENT_KINDS)
PROMISE_CODES = PromiseCode.values
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
AFTER_SALE_KINDS = AfterSale.Kind.values
AFTER_SALE_STATES = AfterSale.State.values
AFTER_SALE_REASONS = Reason.values
PICKUP_WINDOWS = PickupRequest.Window.values
SHARE_KINDS = ShareScene.Kind.values
UPLOAD_KINDS = ["image", "video"]
UPLOAD_PURPOSES = Upload.Purpose.values
PROOF_DEEDS = Proof.Deed.values
PROOF_METHODS = Proof.Method.values
REPORT_STATES = ["accepted", "refused", "shipped"]
REPORT_OUTCOMES = PartnerReport.Outcome.values
SUB_ORDER_STATES = SubOrder.State.values
