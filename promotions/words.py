"""The words of offers: what a campaign is called on a badge, what a coupon covers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mall.kernel.words import localized, rate_text, short_yuan
from promotions import engine
from promotions.models import Campaign, Scoped, ScopeKind

SCOPES = {
    ScopeKind.SHOP: gettext_lazy("Whole shop"),
    ScopeKind.CATEGORY: gettext_lazy("Selected categories"),
    ScopeKind.BRAND: gettext_lazy("Selected brands"),
    ScopeKind.PRODUCTS: gettext_lazy("Selected products"),
}


def scope_text(row: Scoped) -> str:
    """What a coupon or campaign covers."""
    return localized(row, "scope_text") or str(SCOPES[ScopeKind(row.scope_kind)])


def names_goods(campaign: Campaign) -> bool:
    """True when the goods are named one by one, so that the scope says nothing."""
    if campaign.kind == Campaign.Kind.SALE:
        return "rate_bp" not in campaign.rule
    return campaign.kind in OWN_GOODS


def covers_text(campaign: Campaign) -> str:
    """What a campaign covers, for operators."""
    return _("Goods of its own") if names_goods(campaign) else scope_text(campaign)


def offer_label(kind: str, rule: Mapping[str, Any]) -> str:
    """A campaign in a few words for a badge: 满300减50 of its first step, 第二件5折, 限时价."""
    return LABELS[kind](rule) if kind in LABELS else str(Campaign.Kind(kind).label)


def member_price_label(tiers: str, price_fen: int) -> str:
    """黄金价 ¥90: a member price as everybody sees it."""
    return _("%(tiers)s price ¥%(price)s") % {"tiers": tiers, "price": short_yuan(price_fen)}


def _threshold_off(rule: Mapping[str, Any]) -> str:
    step = min(rule["steps"], key=lambda step: step["threshold_fen"])
    return _("¥%(off)s off ¥%(threshold)s") % {
        "off": short_yuan(step["off_fen"]),
        "threshold": short_yuan(step["threshold_fen"]),
    }


def _threshold_rate(rule: Mapping[str, Any]) -> str:
    step = min(rule["steps"], key=lambda step: step["threshold_fen"])
    return _("%(rate)s from ¥%(threshold)s") % {
        "rate": rate_text(step["rate_bp"]),
        "threshold": short_yuan(step["threshold_fen"]),
    }


def _every_off(rule: Mapping[str, Any]) -> str:
    return _("¥%(off)s off every ¥%(every)s") % {
        "off": short_yuan(rule["off_fen"]),
        "every": short_yuan(rule["every_fen"]),
    }


def _second_half_price(rule: Mapping[str, Any]) -> str:
    return _("2nd piece %(rate)s") % {"rate": rate_text(rule["second_rate_bp"])}


def _pieces_rate(rule: Mapping[str, Any]) -> str:
    step = min(rule["steps"], key=lambda step: step["pieces"])
    return _("%(rate)s on %(pieces)s pieces") % {
        "rate": rate_text(step["rate_bp"]),
        "pieces": step["pieces"],
    }


def _quantity_price(rule: Mapping[str, Any]) -> str:
    first = min(row["pieces"] for row in [*rule.get("steps", []), *rule.get("ladders", [])])
    return _("Cheaper from %(pieces)s pieces") % {"pieces": first}


def _bundle_price(rule: Mapping[str, Any]) -> str:
    return _("Bundle ¥%(price)s") % {"price": short_yuan(rule["price_fen"])}


def _gift(rule: Mapping[str, Any]) -> str:
    if rule.get("threshold_fen"):
        return _("Gift from ¥%(threshold)s") % {"threshold": short_yuan(rule["threshold_fen"])}
    if rule.get("pieces", 1) > 1:
        return _("Gift with %(pieces)s pieces") % {"pieces": rule["pieces"]}
    return _("With a gift")


def _member_day(rule: Mapping[str, Any]) -> str:
    return _("Member day %(rate)s") % {"rate": rate_text(rule["rate_bp"])}


def _loyal_rate(rule: Mapping[str, Any]) -> str:
    return _("Old customers %(rate)s") % {"rate": rate_text(rule["rate_bp"])}


def _free_freight(rule: Mapping[str, Any]) -> str:
    if not rule["threshold_fen"]:
        return _("Free freight")
    return _("Free freight from ¥%(threshold)s") % {"threshold": short_yuan(rule["threshold_fen"])}


Kind = Campaign.Kind
OWN_GOODS = frozenset({*Campaign.ACTIVITIES, Kind.MEMBER_PRICE, Kind.BUNDLE_PRICE})
"""Kinds whose goods are named one by one, as those of a sale without a rate are."""
LABELS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    Kind.SALE: lambda _rule: _("Sale price"),
    Kind.MEMBER_PRICE: lambda _rule: _("Member price"),
    Kind.QUANTITY_PRICE: _quantity_price,
    Kind.SECOND_HALF_PRICE: _second_half_price,
    Kind.PIECES_RATE: _pieces_rate,
    Kind.BUNDLE_PRICE: _bundle_price,
    Kind.GIFT: _gift,
    Kind.THRESHOLD_OFF: _threshold_off,
    Kind.THRESHOLD_RATE: _threshold_rate,
    Kind.EVERY_OFF: _every_off,
    Kind.MEMBER_DAY: _member_day,
    Kind.LOYAL_RATE: _loyal_rate,
    Kind.FREE_FREIGHT: _free_freight,
}
"""The words of a kind; the others, activities, are called by the name of their kind."""


def badge(kind: str, rule: Mapping[str, Any]) -> dict[str, str]:
    """A badge of the shelf: its kind, and its label in both languages."""
    return _in_both(kind, lambda: offer_label(kind, rule))


def goods_badge(kind: str) -> dict[str, str]:
    """A badge that goods have of themselves: ``new`` (新品), ``hot`` (爆款)."""
    return _in_both(kind, lambda: str(GOODS_BADGES[kind]))


def _in_both(kind: str, words: Callable[[], str]) -> dict[str, str]:
    labels = {"kind": str(kind)}
    for field, language in (("label_zh", "zh-hans"), ("label_en", "en")):
        with translation.override(language):
            labels[field] = words()
    return labels


GOODS_BADGES = {
    "new": pgettext_lazy("badge", "New"),
    "hot": pgettext_lazy("badge", "Bestseller"),
}


CONFLICTS = {
    "never_live": gettext_lazy("It is never live: its end is not after its beginning."),
    "gives_nothing": gettext_lazy("It takes nothing off."),
    "for_nothing": gettext_lazy("It can give goods away for nothing."),
    "shuts_nothing": gettext_lazy(
        "It shuts out parts of the price that come before it: %(lanes)s."
    ),
    "same_priority": gettext_lazy(
        "%(other)s has the same priority and shares goods: of both a line has the larger saving."
    ),
    "never_reached": gettext_lazy("%(other)s is tried first and leaves nothing for it."),
    "shut_out": gettext_lazy("A line that has %(other)s goes without it."),
    "same_group": gettext_lazy("%(other)s is of the same exclusive group and comes first."),
}
TURNED = {
    "never_reached": gettext_lazy("It is tried before %(other)s and leaves nothing for it."),
    "shut_out": gettext_lazy("A line that has it goes without %(other)s."),
    "same_group": gettext_lazy("It is of the same exclusive group as %(other)s and comes first."),
}
"""The same, told from the side of the campaign that causes it."""


def conflict_text(conflict: engine.Conflict, about: int, titles: Mapping[int, str]) -> str:
    """A conflict as a sentence about the campaign ``about``."""
    code, ids = str(conflict.code), conflict.rule_ids
    others = [titles.get(one, "?") for one in ids if one != about]
    words = TURNED.get(code, CONFLICTS[code]) if ids[0] != about else CONFLICTS[code]
    return str(words) % {**conflict.facts, "other": others[0] if others else ""}
