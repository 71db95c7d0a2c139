"""The aggregator: parcels are subscribed to, it calls back; it can be asked, and sends couriers."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from orders.carriers.base import (
    CarrierUnavailable,
    DoorPickup,
    Parcel,
    PickupWord,
    Push,
    PushRefused,
    Scan,
    Tracker,
)
from orders.carriers.express.reading import object_of, read_push, scans_of
from orders.carriers.express.signing import check, signed_headers
from orders.providers.base import ProviderUnavailable
from orders.providers.wire import moment, send


class ExpressTracker(Tracker):
    """One account at the aggregator. ``callback_url`` is where it calls."""

    def __init__(self, channel: Mapping[str, str], callback_url: str) -> None:
        self.url = channel["url"].rstrip("/")
        self.key, self.secret = channel["key"], channel["secret"]
        self.callback_url = callback_url

    def subscribe(self, parcel: Parcel, *, at: datetime) -> None:
        self._call("/v1/subscriptions", {**_named(parcel), "callback_url": self.callback_url})

    def read_push(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Push:
        check(self.key, self.secret, headers, path="", body=body, at=at)
        return read_push(body)

    def query(self, parcel: Parcel, *, at: datetime) -> Sequence[Scan]:
        facts = self._call("/v1/queries", _named(parcel))
        try:
            return scans_of(facts)
        except (KeyError, TypeError, ValueError) as error:
            raise CarrierUnavailable("the answer is malformed") from error

    def order_pickup(self, pickup: DoorPickup, *, at: datetime) -> PickupWord:
        facts = self._call(
            "/v1/pickups",
            {
                "number": pickup.number,
                "carrier": pickup.carrier,
                "name": pickup.name,
                "phone": pickup.phone,
                "region_code": pickup.region_code,
                "address": pickup.address,
                "goods": pickup.goods,
                "from": pickup.window_from.isoformat(),
                "until": pickup.window_until.isoformat(),
            },
        )
        number = facts.get("pickup_no")
        if not isinstance(number, str) or not number:
            raise CarrierUnavailable("the answer is malformed")
        return PickupWord(number[:40], str(facts.get("tracking_no") or "")[:40])

    def cancel_pickup(self, number: str, *, at: datetime) -> None:
        self._call("/v1/pickups/cancel", {"number": number})

    def _call(self, path: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """One signed request, one signed answer. Raises: CarrierUnavailable."""
        body = json.dumps(facts).encode()
        url = f"{self.url}{path}"
        signed_path = urlsplit(url).path
        headers = signed_headers(self.key, self.secret, path=signed_path, body=body, at=moment())
        try:
            answer = send(
                "POST", url, headers={**headers, "Content-Type": "application/json"}, body=body
            )
            if answer.status != 200:
                raise CarrierUnavailable(f"status {answer.status}")
            check(self.key, self.secret, answer.headers, path="", body=answer.body, at=moment())
            return object_of(answer.body)
        except (ProviderUnavailable, PushRefused) as error:
            raise CarrierUnavailable(str(error)) from error


def _named(parcel: Parcel) -> dict[str, str]:
    return {
        "carrier": parcel.carrier,
        "tracking_no": parcel.tracking_no,
        "phone_tail": parcel.phone_tail,
    }
