"""WeChat Pay v3 and Alipay as local servers with keys and a book of their own, for tests only.

They speak the providers' wire formats over HTTP on the loopback address, sign and encrypt, and
misbehave on order. Nothing that runs in a shop may import this. Source: reliability.md 0.2.
"""

from orders.simulator.book import REFUND_ASKED, Book, Entry, Refused
from orders.simulator.express import Express, express_running
from orders.simulator.keys import make_keys
from orders.simulator.partner import ShippingPartner, partner_running
from orders.simulator.server import Simulator, Trouble, running
from orders.simulator.speech import Message, Sent

__all__ = [
    "REFUND_ASKED",
    "Book",
    "Entry",
    "Express",
    "Message",
    "Refused",
    "Sent",
    "ShippingPartner",
    "Simulator",
    "Trouble",
    "express_running",
    "make_keys",
    "partner_running",
    "running",
]
