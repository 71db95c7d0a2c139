"""The deal: carts, orders, payments, shipments, reviews, imported history."""

from orders.models.bill import BillFinding, DailyBill
from orders.models.cart import Cart, CartLine
from orders.models.charity import CharitySettings, Donation
from orders.models.imported import ImportBatch, ImportedLine
from orders.models.order import Order, OrderHistory, OrderLine, OrderLineStep
from orders.models.payment import Payment, PaymentFailure, PaymentNotice, Refund
from orders.models.review import Review
from orders.models.shipment import Shipment, ShipmentLine, ShipmentTrace
from orders.models.task import OrderTask

__all__ = [
    "BillFinding",
    "Cart",
    "CartLine",
    "CharitySettings",
    "DailyBill",
    "Donation",
    "ImportBatch",
    "ImportedLine",
    "Order",
    "OrderHistory",
    "OrderLine",
    "OrderLineStep",
    "OrderTask",
    "Payment",
    "PaymentFailure",
    "PaymentNotice",
    "Refund",
    "Review",
    "Shipment",
    "ShipmentLine",
    "ShipmentTrace",
]
