"""Which arm of an experiment somebody is in: the same unit always gets the same one, and the arms
get their shares, without a table to look it up in."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Arm = TypeVar("Arm")
SCALE = 2**64


def arm_of(experiment: str, unit: str, arms: Sequence[tuple[Arm, int]]) -> Arm | None:
    """The arm of ``unit`` among (arm, weight); None when no arm has a weight. Queries: 0."""
    total = sum(weight for _arm, weight in arms)
    if not total:
        return None
    digest = blake2b(f"{experiment}:{unit}".encode(), digest_size=8).digest()
    place = int.from_bytes(digest) * total // SCALE
    for arm, weight in arms:
        if place < weight:
            return arm
        place -= weight
    return None
