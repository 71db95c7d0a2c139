"""What several pages show in parts: departments, coupons with what one can do about them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import presenting as goods
from catalog.selectors import category_tree
from mall.kernel import clock
from promotions.presenting import coupon_dict
from promotions.selectors import offer_state

Block = dict[str, Any]


def departments() -> list[Block]:
    """The roots of the tree, everything below them inside. Queries: 1."""
    return [with_icons(goods.branch(root)) for root in category_tree()]


def with_icons(branch: Block) -> Block:
    """A branch whose icons are addresses; without one the name stands alone."""
    icon = branch["icon"]
    return {
        **branch,
        "icon": default_storage.url(icon) if "." in icon else "",
        "children": [with_icons(child) for child in branch["children"]],
    }


def in_this_language(path: str) -> str:
    """A path that an operator wrote, on the reader's side of the shop."""
    code = get_language() or ""
    return f"/{code}{path}" if code.startswith("en") and not path.startswith("/en/") else path


def coupon_offers(rows: Iterable[Any], at: datetime) -> list[Block]:
    """Coupons of the coupon centre with what this shopper can do about them."""
    return [coupon_offer(row, at) for row in rows]


def coupon_offer(row: Any, at: datetime) -> Block:
    """One of them; what it asks for (a live session, a place) stands where its scope would."""
    words = ""
    if row.live_session is not None:
        session = row.live_session
        window = {"from": clock_words(session.starts_at), "until": clock_words(session.ends_at)}
        words = _("In the live session, %(from)s to %(until)s") % window
    elif row.near_metres is not None:
        words = _("For people within %(metres)s m") % {"metres": row.near_metres}
    return {
        "coupon": coupon_dict(row),
        "ends_at": row.ends_at,
        "state": offer_state(row, at),
        "reason": words,
        "near": row.near_metres is not None,
    }


def clock_words(at: datetime) -> str:
    """11-22 20:00, by the clock on the wall."""
    return at.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M")
