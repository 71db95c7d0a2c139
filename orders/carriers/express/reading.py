"""What the aggregator's facts mean to us."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mall.kernel.db import unsafe_reason
from orders.carriers.base import Parcel, Push, PushRefused, Scan

CODES = {
    "COLLECTED": "picked",
    "IN_TRANSIT": "transit",
    "OUT_FOR_DELIVERY": "delivering",
    "SIGNED": "signed",
    "PROBLEM": "problem",
    "RETURNING": "returned",
}
MOST_SCANS = 200


def read_push(body: bytes) -> Push:
    """The facts of a call-back whose sender is known. Raises: PushRefused."""
    facts = object_of(body)
    try:
        parcel = Parcel(_text(facts["carrier"], 30), _text(facts["tracking_no"], 40))
        return Push(_text(facts["push_id"], 64), parcel, scans_of(facts))
    except (KeyError, TypeError, ValueError) as error:
        raise PushRefused("body_malformed") from error


def scans_of(facts: Mapping[str, Any]) -> Sequence[Scan]:
    """The scans of a parcel; codes that we do not know are on the way. Raises: KeyError,
    TypeError, ValueError."""
    rows = facts["events"]
    if not isinstance(rows, list) or len(rows) > MOST_SCANS:
        raise ValueError("events")
    return [_scan(row) for row in rows]


def object_of(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises: PushRefused."""
    try:
        facts = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PushRefused("body_malformed") from error
    if not isinstance(facts, dict):
        raise PushRefused("body_malformed")
    return facts


def _scan(row: Mapping[str, Any]) -> Scan:
    at = datetime.fromisoformat(_text(row["at"], 40))
    if at.tzinfo is None:
        raise ValueError("at")
    return Scan(
        code=CODES.get(_text(row["code"], 30), "transit"),
        at=at,
        place=_text(row.get("place", ""), 200)[:80],
        words=_text(row.get("text", ""), 1000)[:200],
    )


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or unsafe_reason(value):
        raise ValueError("text")
    return value
