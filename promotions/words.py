"""The words of offers: what a campaign is called on a badge, what a coupon covers."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.kernel.words import localized, rate_text, short_yuan
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


def offer_label(kind: str, rule: Mapping[str, Any]) -> str:
    """A campaign in a few words for a badge: 满300减50 of its first step, 第二件5折, 限时价."""
    match kind:
        case Campaign.Kind.THRESHOLD_OFF:
            step = min(rule["steps"], key=lambda step: step["threshold_fen"])
            return _("¥%(off)s off ¥%(threshold)s") % {
                "off": short_yuan(step["off_fen"]),
                "threshold": short_yuan(step["threshold_fen"]),
            }
        case Campaign.Kind.SECOND_HALF_PRICE:
            return _("2nd piece %(rate)s") % {"rate": rate_text(rule["second_rate_bp"])}
        case Campaign.Kind.FREE_FREIGHT:
            return _("Free freight from ¥%(threshold)s") % {
                "threshold": short_yuan(rule["threshold_fen"])
            }
    return _("Sale price")


def badge(kind: str, rule: Mapping[str, Any]) -> dict[str, str]:
    """A badge of the shelf: its kind, and its label in both languages."""
    labels = {"kind": str(kind)}
    for field, language in (("label_zh", "zh-hans"), ("label_en", "en")):
        with translation.override(language):
            labels[field] = offer_label(kind, rule)
    return labels
