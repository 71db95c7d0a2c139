"""The operators' screens of orders."""

from orders.admin.bill import BillFindingAdmin, DailyBillAdmin, PaymentFailureAdmin
from orders.admin.cart import CartAdmin
from orders.admin.charity import CharitySettingsAdmin, DonationAdmin
from orders.admin.imported import ImportBatchAdmin
from orders.admin.money import PaymentAdmin, PaymentNoticeAdmin, RefundAdmin
from orders.admin.order import OrderAdmin
from orders.admin.parcel import ShipmentAdmin
from orders.admin.review import ReviewAdmin

__all__ = [
    "BillFindingAdmin",
    "CartAdmin",
    "CharitySettingsAdmin",
    "DailyBillAdmin",
    "DonationAdmin",
    "ImportBatchAdmin",
    "OrderAdmin",
    "PaymentAdmin",
    "PaymentFailureAdmin",
    "PaymentNoticeAdmin",
    "RefundAdmin",
    "ReviewAdmin",
    "ShipmentAdmin",
]
