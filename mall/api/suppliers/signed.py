"""Who speaks at the door of suppliers: the one whose key signed the request. Source: I-32."""

from django.http.request import RawPostDataException
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from inventory.errors import SupplierKeyRefused
from inventory.models import Supplier, Warehouse
from inventory.services import SignedMessage, supplier_behind
from mall.api.base import Endpoint
from mall.api.parsers import MAX_BYTES
from mall.kernel import clock
from orders.services import ROUTE_KEY, warehouse_behind

KEY, TIMESTAMP, SIGNATURE = "X-Supplier-Key", "X-Supplier-Timestamp", "X-Supplier-Signature"
SIGNED = [
    OpenApiParameter(KEY, str, OpenApiParameter.HEADER, required=True),
    OpenApiParameter(TIMESTAMP, int, OpenApiParameter.HEADER, required=True),
    OpenApiParameter(SIGNATURE, str, OpenApiParameter.HEADER, required=True),
]
"""What a request is signed with; docs/suppliers.md says how."""


class SignedEndpoint(Endpoint):
    """A door without accounts: who speaks is believed for the signature alone."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = "notice"


def signer_of(request: Request) -> Supplier:
    """The supplier that signed the request, body included. Raises: SupplierKeyRefused."""
    return supplier_behind(_message(request), clock.now())


def warehouse_of_signer(request: Request) -> Warehouse:
    """Whose parcels the signer may speak of: a supplier's own warehouse, or the one that the key of
    an interface belongs to. Raises: SupplierKeyRefused."""
    message, at = _message(request), clock.now()
    if message.key_id.startswith(ROUTE_KEY):
        return warehouse_behind(message, at)
    house = Warehouse.objects.filter(supplier=supplier_behind(message, at)).first()
    if house is None:
        raise SupplierKeyRefused
    return house


def _message(request: Request) -> SignedMessage:
    """What the request says and is signed with. Raises: SupplierKeyRefused."""
    if _length(request) > MAX_BYTES:
        raise SupplierKeyRefused
    return SignedMessage(
        key_id=request.headers.get(KEY, ""),
        timestamp=request.headers.get(TIMESTAMP, ""),
        signature=request.headers.get(SIGNATURE, ""),
        method=request.method or "",
        path=request.path,
        body=_body(request),
    )


def _body(request: Request) -> bytes:
    try:
        return request._request.body
    except RawPostDataException as error:
        raise SupplierKeyRefused from error


def _length(request: Request) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else MAX_BYTES + 1
