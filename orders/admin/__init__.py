"""The operators' screens of orders."""

from orders.admin.after_sale import AfterSaleAdmin, PickupRequestAdmin
from orders.admin.after_sale_policy import (
    AfterSalePolicyAdmin,
    CompensationAdmin,
    ReturnFreightRuleAdmin,
    ServiceLimitAdmin,
)
from orders.admin.bill import BillFindingAdmin, DailyBillAdmin, PaymentFailureAdmin
from orders.admin.carrier import CarrierAdmin, TrackingPushAdmin
from orders.admin.cart import CartAdmin
from orders.admin.channel import ChannelAdmin
from orders.admin.charity import CharitySettingsAdmin, DonationAdmin
from orders.admin.check import OrderCheckAdmin, ReviewPolicyAdmin
from orders.admin.dropship import (
    DropshipPolicyAdmin,
    ForwardRouteAdmin,
    PartnerReportAdmin,
    SubOrderAdmin,
)
from orders.admin.imported import ImportBatchAdmin
from orders.admin.money import PaymentAdmin, PaymentNoticeAdmin, RefundAdmin
from orders.admin.order import OrderAdmin
from orders.admin.parcel import ShipmentAdmin
from orders.admin.payment_alarm import PaymentAlarmAdmin, PaymentPolicyAdmin
from orders.admin.pick import FulfilmentPolicyAdmin, PickListAdmin
from orders.admin.pickup import PickupAdmin
from orders.admin.question import AnswerAdmin, QuestionAdmin
from orders.admin.review import ReviewAdmin, ReviewAppendAdmin, VoicesPolicyAdmin
from orders.admin.risk import RiskBlockAdmin, RiskDecisionAdmin, RiskPolicyAdmin
from orders.admin.task import OrderTaskAdmin
from orders.admin.warranty import WarrantyAdmin, WarrantyRuleAdmin

__all__ = [
    "AnswerAdmin",
    "QuestionAdmin",
    "ReviewAppendAdmin",
    "VoicesPolicyAdmin",
    "DropshipPolicyAdmin",
    "ForwardRouteAdmin",
    "PartnerReportAdmin",
    "SubOrderAdmin",
    "PaymentAlarmAdmin",
    "PaymentPolicyAdmin",
    "RiskBlockAdmin",
    "RiskDecisionAdmin",
    "RiskPolicyAdmin",
    "AfterSaleAdmin",
    "AfterSalePolicyAdmin",
    "CompensationAdmin",
    "PickupRequestAdmin",
    "ReturnFreightRuleAdmin",
    "ServiceLimitAdmin",
    "OrderTaskAdmin",
    "PickListAdmin",
    "FulfilmentPolicyAdmin",
    "ReviewPolicyAdmin",
    "OrderCheckAdmin",
    "TrackingPushAdmin",
    "CarrierAdmin",
    "BillFindingAdmin",
    "CartAdmin",
    "ChannelAdmin",
    "CharitySettingsAdmin",
    "DailyBillAdmin",
    "DonationAdmin",
    "ImportBatchAdmin",
    "OrderAdmin",
    "PaymentAdmin",
    "PaymentFailureAdmin",
    "PaymentNoticeAdmin",
    "PickupAdmin",
    "RefundAdmin",
    "ReviewAdmin",
    "ShipmentAdmin",
    "WarrantyAdmin",
    "WarrantyRuleAdmin",
]
