"""The deal: carts, orders, payments, shipments, reviews, imported history."""

from orders.models.after_sale import (
    AfterSale,
    AfterSaleEvent,
    AfterSaleLine,
    PickupRequest,
    Reason,
    Upload,
)
from orders.models.after_sale_policy import (
    AfterSalePolicy,
    Compensation,
    GiftPolicy,
    ReturnFreightRule,
    ServiceLimit,
)
from orders.models.bill import BillFinding, DailyBill
from orders.models.carrier import Carrier, CarrierPrice
from orders.models.cart import Cart, CartLine
from orders.models.channel import Channel
from orders.models.charity import CharitySettings, Donation
from orders.models.dropship import (
    DropshipPolicy,
    ForwardRoute,
    PartnerReport,
    SubOrder,
    SubOrderLine,
)
from orders.models.edition import EditionTake, EditionUse
from orders.models.imported import ImportBatch, ImportedLine
from orders.models.order import Order, OrderHistory, OrderLine, OrderLineStep
from orders.models.payment import Payment, PaymentFailure, PaymentNotice, Refund
from orders.models.payment_alarm import PaymentAlarm, PaymentPolicy
from orders.models.pick import FulfilmentPolicy, Packing, PaymentReminder, PickList
from orders.models.pickup import Pickup, PickupTry
from orders.models.question import Answer, ProductBuyer, Question
from orders.models.review import (
    MOST_PICTURES,
    MOST_VIDEOS,
    Review,
    ReviewAppend,
    ReviewLike,
    ReviewPicture,
    VoicesPolicy,
)
from orders.models.review_rule import OrderCheck, ReviewPolicy
from orders.models.risk import RiskBlock, RiskDecision, RiskPolicy
from orders.models.shipment import Shipment, ShipmentLine, ShipmentTrace
from orders.models.task import OrderTask
from orders.models.tracking import TrackingPush
from orders.models.warranty import Warranty, WarrantyRule

__all__ = [
    "AfterSale",
    "AfterSaleEvent",
    "AfterSaleLine",
    "AfterSalePolicy",
    "Answer",
    "BillFinding",
    "Carrier",
    "CarrierPrice",
    "Cart",
    "CartLine",
    "Channel",
    "CharitySettings",
    "Compensation",
    "DailyBill",
    "Donation",
    "DropshipPolicy",
    "EditionTake",
    "EditionUse",
    "ForwardRoute",
    "FulfilmentPolicy",
    "GiftPolicy",
    "ImportBatch",
    "ImportedLine",
    "MOST_PICTURES",
    "MOST_VIDEOS",
    "Order",
    "OrderCheck",
    "OrderHistory",
    "OrderLine",
    "OrderLineStep",
    "OrderTask",
    "Packing",
    "PartnerReport",
    "Payment",
    "PaymentAlarm",
    "PaymentFailure",
    "PaymentNotice",
    "PaymentPolicy",
    "PaymentReminder",
    "PickList",
    "Pickup",
    "PickupRequest",
    "PickupTry",
    "ProductBuyer",
    "Question",
    "Reason",
    "Refund",
    "ReturnFreightRule",
    "Review",
    "ReviewAppend",
    "ReviewLike",
    "ReviewPicture",
    "ReviewPolicy",
    "RiskBlock",
    "RiskDecision",
    "RiskPolicy",
    "ServiceLimit",
    "Shipment",
    "ShipmentLine",
    "ShipmentTrace",
    "TrackingPush",
    "SubOrder",
    "SubOrderLine",
    "Upload",
    "VoicesPolicy",
    "Warranty",
    "WarrantyRule",
]
