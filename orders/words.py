"""The words of codes that quotes and orders carry: label, reason, history, in the reader's
language.

Stored facts are codes and figures; what they are called is decided here, when they are read.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mall.kernel.money import FULL_RATE_BP
from mall.kernel.words import localized, rate_text, short_yuan
from orders.models import Carrier, Order
from orders.provider_titles import PROVIDERS as PROVIDERS
from orders.provider_titles import provider_title as provider_title
from orders.states import (
    CHECKED,
    DEPOSIT_PAID,
    GROUPED,
    INVOICE_ASKED,
    INVOICE_CHANGED,
    PACKED,
    PLACED,
    READDRESSED,
    REPRICED,
    TO_CHECK,
    Deed,
)

SCENES = {
    "sandbox": gettext_lazy("Sandbox cashier"),
    "jsapi": pgettext_lazy("payment scene", "inside WeChat"),
    "native": pgettext_lazy("payment scene", "QR code"),
    "h5": pgettext_lazy("payment scene", "phone browser"),
    "page": pgettext_lazy("payment scene", "web page"),
    "wap": pgettext_lazy("payment scene", "phone browser"),
    "balance": gettext_lazy("Shop balance"),
}
"""Where a payment was opened."""
REFUND_REASONS = {
    "cancelled": pgettext_lazy("refund", "order cancelled"),
    "after_sale": pgettext_lazy("refund", "after-sales"),
    "surplus": pgettext_lazy("refund", "paid twice or too late"),
}
"""Why money goes back."""
CANCEL_REASONS = {
    "changed_mind": gettext_lazy("I do not want it any more"),
    "wrong_order": gettext_lazy("Wrong item, number or address"),
    "found_better": gettext_lazy("I found a better price"),
    "too_slow": gettext_lazy("It takes too long"),
    "other": gettext_lazy("Another reason"),
}
"""What a buyer may choose from when an order is cancelled."""
LABELS = {
    "shop_price": gettext_lazy("Below the list price"),
    "sale": gettext_lazy("Sale price"),
    "quantity_price": gettext_lazy("Price by quantity"),
    "flash": gettext_lazy("Flash sale"),
    "group": gettext_lazy("Group buy"),
    "bargain": gettext_lazy("Bargained price"),
    "presale": gettext_lazy("Presale: the deposit of ¥%(deposit)s counts as ¥%(worth)s"),
    "pieces_rate": gettext_lazy("%(pieces)s pieces: %(rate)s"),
    "bundle_price": gettext_lazy("Bundle price"),
    "gift": gettext_lazy("Gift"),
    "threshold_rate": gettext_lazy("%(rate)s from ¥%(threshold)s"),
    "every_off": gettext_lazy("¥%(off)s off for every ¥%(every)s"),
    "member_day": gettext_lazy("Member day %(rate)s"),
    "loyal_rate": gettext_lazy("Thank you for coming back: %(rate)s"),
    "member_price": gettext_lazy("Member price"),
    "second_half_price": gettext_lazy("Second one at half price"),
    "threshold_off": gettext_lazy("¥%(off)s off from ¥%(threshold)s"),
    "tier_rate": pgettext_lazy("tier and rate", "%(title)s %(rate)s"),
    "coupon_amount": gettext_lazy("Coupon: ¥%(off)s off from ¥%(threshold)s"),
    "coupon_amount_any": gettext_lazy("Coupon: ¥%(off)s off"),
    "coupon_rate": gettext_lazy("Coupon: %(rate)s"),
    "coupon_freight": gettext_lazy("Free-freight coupon"),
    "coupon_exchange": gettext_lazy("Exchange coupon"),
    "free_freight": gettext_lazy("Free freight from ¥%(threshold)s"),
    "free_freight_any": gettext_lazy("Free freight"),
    "tier_free_freight": gettext_lazy("%(title)s: free freight from ¥%(threshold)s"),
    "tier_free_freight_any": gettext_lazy("%(title)s: free freight"),
    "template_free_freight": gettext_lazy("Free freight from ¥%(threshold)s"),
    "points": gettext_lazy("Paid with points"),
    "operator": gettext_lazy("Reduced by the shop"),
}
REASONS = {
    "not_started": gettext_lazy("Not started yet"),
    "ended": gettext_lazy("Over"),
    "tier_not_met": gettext_lazy("For another member tier"),
    "out_of_scope": gettext_lazy("Not for these items"),
    "stacking_excluded": gettext_lazy("Does not go together with another offer"),
    "threshold_not_reached": gettext_lazy("¥%(missing)s more are needed"),
    "quantity_not_reached": gettext_lazy("%(missing_pieces)s more pieces are needed"),
    "nothing_to_reduce": gettext_lazy("Nothing left to reduce"),
    "better_rule_chosen": gettext_lazy("A better offer was used"),
    "exclusive_group": gettext_lazy("Only one offer of this kind per order"),
    "region_not_served": gettext_lazy("Not for the region it goes to"),
    "not_today": gettext_lazy("Not on this day"),
    "spent_too_little": gettext_lazy("From ¥%(threshold)s spent here on; ¥%(missing)s to go"),
    "no_earlier_order": gettext_lazy("For those who have bought here before"),
    "not_first_order": gettext_lazy("For the first order only"),
    "gift_sold_out": gettext_lazy("The gift is sold out"),
}
GIFT_NOTICES = {
    "gift_substituted": gettext_lazy("The gift you chose is sold out; another one comes instead."),
    "gift_reduced": gettext_lazy("Fewer gifts are left than you earned."),
    "gift_sold_out": gettext_lazy("The gift of this offer is sold out."),
}
PROBLEMS = {
    "off_shelf": gettext_lazy("Not on sale any more"),
    "sold_out": gettext_lazy("Sold out for now"),
    "region": gettext_lazy("Not delivered to your address"),
    "limit": gettext_lazy("As many as can be had are in the cart"),
}
FREIGHT_REASONS = {
    "region_needed": gettext_lazy("Depends on the address"),
    "nothing_to_ship": gettext_lazy("Nothing to send"),
    "charged": gettext_lazy("By weight and region"),
    "free": gettext_lazy("Free freight"),
}
HISTORY = {
    PLACED: gettext_lazy("Order placed"),
    Deed.PAID: gettext_lazy("Paid"),
    DEPOSIT_PAID: gettext_lazy("Deposit paid"),
    GROUPED: gettext_lazy("The group is complete"),
    REPRICED: gettext_lazy("The shop lowered the price"),
    READDRESSED: gettext_lazy("Address changed"),
    TO_CHECK: gettext_lazy("The shop checks the order"),
    CHECKED: gettext_lazy("Checked"),
    PACKED: gettext_lazy("Packed"),
    INVOICE_ASKED: gettext_lazy("Invoice asked for"),
    INVOICE_CHANGED: gettext_lazy("The shop corrected the invoice"),
    Deed.REVIVED: gettext_lazy("Paid late, order opened again"),
    Deed.PART_SHIPPED: gettext_lazy("Part of it is on its way"),
    Deed.SHIPPED: gettext_lazy("On its way"),
    Deed.RECEIVED: gettext_lazy("Received"),
    Deed.COMPLETED: gettext_lazy("Completed"),
    Deed.CLOSED: gettext_lazy("Closed"),
    Deed.REFUNDED: gettext_lazy("Closed and paid back"),
}

RISK_REASONS = {
    "blocked": gettext_lazy("On the blacklist"),
    "small_payments": gettext_lazy("%(n)s small payments within minutes"),
    "strange_place": gettext_lazy("A network and a device that the member never came from"),
    "shared_device": gettext_lazy("%(n)s members pay on this device"),
    "shared_ip": gettext_lazy("%(n)s members pay from this network address"),
    "coupon_abuse": gettext_lazy("%(n)s members use coupons for this doorstep or device"),
    "burst": gettext_lazy("%(n)s orders for this doorstep or device within minutes"),
    "many_pieces": gettext_lazy("%(n)s pieces of one SKU"),
    "outside": gettext_lazy("The risk service warns"),
}
"""Why an attempt to pay was given points (O-39)."""
REVIEW_REASONS = {
    "big_amount": gettext_lazy("Big amount: ¥%(amount)s, looked at from ¥%(limit)s"),
    "address_short": gettext_lazy("The address is very short"),
    "address_without_number": gettext_lazy("The address has no number"),
    "region_blocked": gettext_lazy("The region is to be looked at"),
    **{f"risk_{code}": words for code, words in RISK_REASONS.items()},
}
SPOKEN_STAGES = (
    Order.Stage.GROUPING,
    Order.Stage.DEPOSIT_PAID,
    Order.Stage.IN_REVIEW,
    Order.Stage.PACKED,
)
"""Stages that a buyer reads instead of the status."""


def label(code: str, params: Mapping[str, Any]) -> str:
    """What a price step, a rule or a coupon is called: 满 300 减 50, 黄金会员 95 折."""
    if f"{code}_any" in LABELS and not params.get("threshold_fen"):
        code = f"{code}_any"
    if code not in LABELS:
        return localized(dict(params), "title") or code
    return str(LABELS[code]) % _figures(params)


def reason(code: str, facts: Mapping[str, Any]) -> str:
    """Why a rule or a coupon did not apply."""
    return str(REASONS[code]) % _figures(facts) if code in REASONS else code


def gift_notice(code: str) -> str:
    """What went otherwise than promised with a gift."""
    return str(GIFT_NOTICES[code])


def problem(code: str) -> str:
    """Why something cannot be ordered."""
    return str(PROBLEMS.get(code, code))


def freight_reason(code: str) -> str:
    """Why the freight is what it is."""
    return str(FREIGHT_REASONS.get(code, code))


def history(code: str) -> str:
    """What a row of an order's history says."""
    return str(HISTORY.get(code, code))


def status(order: Order) -> str:
    """The state of an order as its buyer reads it."""
    if order.status == Order.Status.CLOSED and order.close_reason:
        return str(order.get_close_reason_display())
    if order.stage in SPOKEN_STAGES and order.status in (Order.Status.UNPAID, Order.Status.PAID):
        return str(order.get_stage_display())
    return str(order.get_status_display())


def review_reason(code: str, facts: Mapping[str, Any]) -> str:
    """Why a paid order is looked at; a rule without words here brings its own ``text``."""
    if code not in REVIEW_REASONS:
        return localized(dict(facts), "text") or code
    return str(REVIEW_REASONS[code]) % _figures(facts)


def risk_reason(reason: Mapping[str, Any]) -> str:
    """One reason of a risk decision, with its points."""
    words = RISK_REASONS.get(reason["code"])
    said = str(words) % {"n": reason["count"]} if words else str(reason["code"])
    return f"{said} (+{reason['score']})"


def status_name(code: str) -> str:
    """What an order's status is called; the code itself where it is none."""
    return str(dict(Order.Status.choices).get(code, code))


def carrier(found: Carrier | None) -> str:
    """Who carried a parcel; what was handed over in a store has no carrier."""
    return localized(found, "title") if found else _("Handed over in the store")


def carrier_names(carrier: Carrier) -> dict[str, str]:
    """A carrier as a message takes it: ``carrier_zh`` and ``carrier_en``."""
    return {"carrier_zh": carrier.title_zh, "carrier_en": carrier.title_en}


def _figures(params: Mapping[str, Any]) -> dict[str, Any]:
    """Everything a label may name, out of the figures that the rule left."""
    figures: dict[str, Any] = {**params, "title": localized(dict(params), "title") or _("Member")}
    for name, value in params.items():
        if name.endswith("_fen") and isinstance(value, int):
            figures[name.removesuffix("_fen")] = short_yuan(abs(value))
    for name in ("threshold", "off", "missing", "every", "deposit", "worth"):
        figures.setdefault(name, "0")
    for name in ("missing_pieces", "pieces"):
        figures.setdefault(name, 1)
    figures["rate"] = rate_text(int(params.get("rate_bp", FULL_RATE_BP)))
    return figures
