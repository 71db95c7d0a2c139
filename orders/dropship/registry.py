"""Which ways to partners there are."""

from orders.dropship.api import SupplierApi
from orders.dropship.base import Partner
from orders.dropship.by_hand import ByHand
from orders.dropship.signed import SignedPartner
from orders.dropship.wms import CloudWarehouse

REMOTE: dict[str, type[SignedPartner]] = {"api": SupplierApi, "wms": CloudWarehouse}


def partner_of(adapter: str, *, url: str = "", key_id: str = "", secret: str = "") -> Partner:
    """The partner behind an adapter's code; one without an interface is told by hand."""
    remote = REMOTE.get(adapter)
    return ByHand() if remote is None else remote(url=url, key_id=key_id, secret=secret)
