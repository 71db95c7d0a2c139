"""Who of a group gets nothing, so that what the others got can be judged. Source: P-17."""

from __future__ import annotations

from hashlib import sha256

FULL_BP = 10_000


def is_held_back(salt: str, member_id: int, share_bp: int) -> bool:
    """True for ``share_bp`` of all members: always the same ones for one salt, whatever the order.

    Different salts choose independently, so nobody is left out of everything.
    """
    if not 0 <= share_bp <= FULL_BP:
        raise ValueError("a share lies between 0 and 10000 basis points")
    digest = sha256(f"{salt}:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % FULL_BP < share_bp
