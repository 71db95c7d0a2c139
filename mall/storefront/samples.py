"""What the page of the design system shows its components with: made up, and no query."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

PAIRS = (
    ("ground", "ink"),
    ("surface", "ink"),
    ("surface", "ink-2"),
    ("surface", "ink-3"),
    ("sunken", "ink"),
    ("brand", "on-brand"),
    ("brand-soft", "brand"),
    ("action", "on-action"),
    ("action-soft", "price"),
    ("honey", "on-honey"),
    ("honey-soft", "honey-ink"),
    ("info-soft", "info"),
    ("danger-soft", "danger"),
    ("header", "on-header"),
)
SIZES = ("11", "12", "13", "14", "16", "18", "20", "24", "30", "38")
SPACES = (1, 2, 3, 4, 5, 6, 8, 10, 14)
ICONS = [
    "search",
    "cart",
    "home",
    "cats",
    "me",
    "right",
    "left",
    "down",
    "plus",
    "minus",
    "close",
    "heart",
    "share",
    "chat",
    "truck",
    "shield",
    "tag",
    "back7",
    "pin",
    "wallet",
    "box",
    "star",
    "refund",
    "ticket",
    "clock",
    "gift",
    "users",
    "head",
    "filter",
    "more",
    "gear",
    "receipt",
    "check",
    "cake",
    "moon",
    "sun",
    "bell",
    "lock",
    "alert",
    "trash",
    "globe",
    "phone",
]


def card(number: int, **values: Any) -> dict[str, Any]:
    """A product card of the contract."""
    return {
        "id": number,
        "name": _("Camellia body wash, fine foam, lasting scent"),
        "subtitle": _("New this season, straight from the maker"),
        "image": None,
        "badges": [{"kind": "threshold_off", "label": _("¥50 off ¥300"), "code": ""}],
        "price_fen": 5_900,
        "price_to_fen": 5_900,
        "list_price_fen": 7_900,
        "is_list_price_suggested": False,
        "in_stock": True,
        "sales_count": 12_800,
        "rating": {"count": 320, "average_x10": 48},
        "final_fen": 5_770,
        **values,
    }


def quote() -> dict[str, Any]:
    """A priced basket whose steps add up: 79.00 - 20.00 - 9.83 - 2.46 + 6.00 = 52.71."""
    steps = [
        step("unit_price", "sale", _("Limited-time price"), 2_000),
        step("order_offer", "threshold_off", _("¥50 off ¥300"), 983),
        step("tier_rate", "tier_rate", _("Gold members 5 % off"), 246),
    ]
    return {
        "goods_fen": 7_900,
        "payable_fen": 5_271,
        "freight_fen": 600,
        "freight": {"template": _("Standard freight"), "steps": [], "reason": "", "shops": []},
        "points": {"used": 0, "earned": 52},
        "lines": [
            {
                "sku_id": 1,
                "quantity": 1,
                "steps": steps,
                "why_not": [
                    {
                        "kind": "coupon",
                        "source_id": 1,
                        "label": _("¥20 off ¥200"),
                        "reason": _("¥12.00 are missing"),
                    }
                ],
            }
        ],
    }


def step(lane: str, kind: str, label: str, amount_fen: int) -> dict[str, Any]:
    """One named change of price."""
    return {
        "lane": lane,
        "kind": kind,
        "source_id": 1,
        "label": label,
        "amount_fen": amount_fen,
    }


def coupon(**values: Any) -> dict[str, Any]:
    """A coupon ticket of the contract."""
    return {
        "id": 1,
        "kind": "amount_off",
        "audience": "",
        "off_fen": 2_000,
        "rate_bp": None,
        "exchange_price_fen": None,
        "threshold_fen": 20_000,
        "cap_fen": None,
        "first_order": False,
        "scope": _("the whole shop"),
        **values,
    }


def tier(code: str, name: str) -> dict[str, Any]:
    """A tier card of the contract."""
    following = {"name": _("Diamond"), "threshold_fen": 1_000_000, "missing_fen": 371_000}
    return {
        "code": code,
        "name": name,
        "until": None,
        "growth_fen": 629_000,
        "next": None if code == "diamond" else {**following, "perks": ""},
        "perks": [],
    }


def context(at: datetime) -> dict[str, Any]:
    """Everything on the page."""
    return {
        "pairs": PAIRS,
        "sizes": SIZES,
        "spaces": SPACES,
        "icons": ICONS,
        "cards": [
            card(1, badges=[{"kind": "hot", "label": _("Bestseller"), "code": ""}]),
            card(2),
            card(3, price_to_fen=9_900, final_fen=None, rating={"count": 0, "average_x10": 0}),
            card(4, in_stock=False, sales_count=0, list_price_fen=5_900),
        ],
        "quote": quote(),
        "coupons": [
            (coupon(), "open"),
            (coupon(kind="free_freight", off_fen=0, threshold_fen=0), "taken"),
            (coupon(audience=_("gold members")), "usable"),
            (coupon(off_fen=0, rate_bp=9_000, cap_fen=5_000), "gone"),
        ],
        "tiers": [
            tier("normal", _("Regular")),
            tier("silver", _("Silver")),
            tier("gold", _("Gold")),
            tier("diamond", _("Diamond")),
        ],
        "ends_at": at + timedelta(hours=2, minutes=18),
        "now": at,
        "near": {"missing_fen": 7_400, "label": _("¥120 off ¥600"), "url": "#"},
        "progress": [
            {"label": _("Ordered"), "state": "done", "at": at - timedelta(days=2)},
            {"label": _("Paid"), "state": "done", "at": at - timedelta(days=2)},
            {"label": _("Shipped"), "state": "now", "at": at - timedelta(days=1)},
            {"label": _("Received"), "state": "todo", "at": None},
        ],
        "status": {"icon": "truck", "headline": _("On its way"), "hint": _("Arrives tomorrow")},
        "events": [
            {"label": _("shipped"), "note": "SF1402003310", "at": at - timedelta(days=1)},
            {"label": _("paid"), "note": "", "at": at - timedelta(days=2)},
        ],
    }
