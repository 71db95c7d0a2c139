"""A campaign told in sentences before anybody sees it: what, on what, for whom, when, beside what.

Source: issue of the price engine, "Campaigns in admin": preview.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.models import Sku
from mall.kernel import regions
from mall.kernel.words import in_english, localized, rate_text, short_yuan
from members.models import Tier
from promotions.models import Campaign
from promotions.words import names_goods, offer_label, scope_text

Rule = Mapping[str, Any]
Names = Mapping[int, str]
Kind = Campaign.Kind
LANGUAGES = ("zh-hans", "en")


def previews(campaign: Campaign) -> dict[str, list[str]]:
    """The campaign's sentences in both languages. Queries: 4 at most a language."""
    told = {}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = sentences(campaign)
    return told


def sentences(campaign: Campaign) -> list[str]:
    """The campaign in the language of the reader."""
    return [
        *_offer(campaign),
        _audience(campaign),
        _window(campaign),
        *_limits(campaign),
    ]


def _offer(campaign: Campaign) -> list[str]:
    rule, names = campaign.rule, _sku_names(campaign.rule)
    told = TELLERS[campaign.kind](rule, names) if campaign.kind in TELLERS else []
    goods = _goods_count(campaign)
    if goods:
        told = [*told, goods]
    if not names_goods(campaign):
        told.append(_("Goods: %(scope)s.") % {"scope": scope_text(campaign)})
    return told or [offer_label(campaign.kind, rule)]


def _goods_count(campaign: Campaign) -> str:
    if campaign.is_activity:
        pieces = [item.quota for item in campaign.items.all()]
        return _("Goods of its own: %(skus)s SKUs, %(pieces)s pieces in all.") % {
            "skus": len(pieces),
            "pieces": sum(pieces),
        }
    count = campaign.sale_items.count() if campaign.kind in (Kind.SALE, Kind.MEMBER_PRICE) else 0
    if not count:
        return ""
    return ngettext(
        "%(count)d SKU has a fixed price.", "%(count)d SKUs have a fixed price.", count
    ) % {"count": count}


def _audience(campaign: Campaign) -> str:
    tiers = Tier.objects.filter(code__in=campaign.tier_codes).order_by("rank")
    who = ", ".join(localized(tier, "title") for tier in tiers) or _("everybody")
    places = ", ".join(_place(code) for code in campaign.region_prefixes)
    if not places:
        return _("For %(who)s.") % {"who": who}
    return _("For %(who)s with an address in %(places)s.") % {"who": who, "places": places}


def _place(code: str) -> str:
    region = regions.find(code)
    if region is None:
        return code
    return region.pinyin.title() or region.name if in_english() else region.name


def _window(campaign: Campaign) -> str:
    return _("From %(start)s to %(end)s.") % {
        "start": _instant(campaign.starts_at),
        "end": _instant(campaign.ends_at),
    }


def _instant(at: Any) -> str:
    local = timezone.localtime(at)
    day = formats.date_format(local, pgettext("date format", "j M Y"))
    return f"{day} {formats.date_format(local, 'H:i')}"


def _limits(campaign: Campaign) -> list[str]:
    told = []
    if campaign.excludes:
        lanes = ", ".join(str(LANE_WORDS[lane]()) for lane in campaign.excludes)
        told.append(_("A line that has it goes without: %(lanes)s.") % {"lanes": lanes})
    if campaign.exclusive_group:
        told.append(
            _("Of the group “%(group)s” a line takes one.") % {"group": campaign.exclusive_group}
        )
    if campaign.budget_fen is not None:
        told.append(
            _("It stops when ¥%(budget)s are spent.") % {"budget": short_yuan(campaign.budget_fen)}
        )
    return told


LANE_WORDS: Mapping[str, Callable[[], str]] = {
    "unit_price": lambda: _("other prices"),
    "item_offer": lambda: _("offers on pieces, bundles and gifts"),
    "order_offer": lambda: _("money off by amount"),
    "tier_rate": lambda: _("tier rate, member day, old customers"),
    "coupon": lambda: _("coupons"),
    "points": lambda: _("points"),
    "freight": lambda: _("free freight"),
}


def _sku_names(rule: Rule) -> Names:
    """Names of the SKUs that the numbers name. Queries: 0 or 1."""
    gift = rule.get("gift") or {}
    rows = [*rule.get("bundle", []), *rule.get("options", []), *rule.get("ladders", [])]
    ids = {row["sku_id"] for row in [*rows, *gift.get("options", [])]}
    if not ids:
        return {}
    skus = Sku.objects.filter(pk__in=ids).select_related("product")
    return {sku.pk: f"{localized(sku.product, 'title')} ({sku.code})" for sku in skus}


def _sale(rule: Rule, names: Names) -> list[str]:
    if "rate_bp" not in rule:
        return []
    return [_("%(rate)s on every piece.") % {"rate": rate_text(rule["rate_bp"])}]


def _quantity_price(rule: Rule, names: Names) -> list[str]:
    told = [
        _("From %(pieces)s pieces of one SKU each costs %(rate)s.")
        % {"pieces": step["pieces"], "rate": rate_text(step["rate_bp"])}
        for step in rule.get("steps", [])
    ]
    return told + [
        _("%(sku)s: from %(pieces)s pieces ¥%(price)s each.")
        % {
            "sku": names.get(row["sku_id"], "?"),
            "pieces": row["pieces"],
            "price": short_yuan(row["price_fen"]),
        }
        for row in rule.get("ladders", [])
    ]


def _second_half_price(rule: Rule, names: Names) -> list[str]:
    rate = rate_text(rule["second_rate_bp"])
    return [_("Every second piece at %(rate)s.") % {"rate": rate}]


def _pieces_rate(rule: Rule, names: Names) -> list[str]:
    return [
        _("From %(pieces)s pieces on all of them at %(rate)s.")
        % {"pieces": step["pieces"], "rate": rate_text(step["rate_bp"])}
        for step in rule["steps"]
    ]


def _bundle_price(rule: Rule, names: Names) -> list[str]:
    parts = " + ".join(
        f"{names.get(row['sku_id'], '?')} × {row.get('pieces', 1)}" for row in rule["bundle"]
    )
    return [
        _("%(parts)s together for ¥%(price)s.")
        % {"parts": parts, "price": short_yuan(rule["price_fen"])}
    ]


def _gift(rule: Rule, names: Names) -> list[str]:
    gifts = " / ".join(names.get(row["sku_id"], "?") for row in rule["options"])
    given = _("%(pieces)s × %(gifts)s is given") % {
        "pieces": rule.get("quantity", 1),
        "gifts": gifts,
    }
    if not rule.get("threshold_fen"):
        return [_("%(given)s with %(pieces)s pieces.") % {
            "given": given,
            "pieces": rule.get("pieces", 1),
        }]  # fmt: skip
    return [
        _("%(given)s from ¥%(threshold)s.")
        % {"given": given, "threshold": short_yuan(rule["threshold_fen"])}
    ]


def _threshold_off(rule: Rule, names: Names) -> list[str]:
    told = [
        _("From ¥%(threshold)s: ¥%(off)s off.")
        % {"threshold": short_yuan(step["threshold_fen"]), "off": short_yuan(step["off_fen"])}
        for step in sorted(rule["steps"], key=lambda step: step["threshold_fen"])
    ]
    if not rule.get("gift"):
        return told
    first = min(step["threshold_fen"] for step in rule["steps"])
    return told + _gift({**rule["gift"], "threshold_fen": first}, names)


def _threshold_rate(rule: Rule, names: Names) -> list[str]:
    told = [
        _("From ¥%(threshold)s: %(rate)s.")
        % {"threshold": short_yuan(step["threshold_fen"]), "rate": rate_text(step["rate_bp"])}
        for step in sorted(rule["steps"], key=lambda step: step["threshold_fen"])
    ]
    return told + _cap(rule)


def _every_off(rule: Rule, names: Names) -> list[str]:
    off, every = short_yuan(rule["off_fen"]), short_yuan(rule["every_fen"])
    return [
        _("¥%(off)s off for every ¥%(every)s.") % {"off": off, "every": every},
        *_cap(rule),
    ]


def _cap(rule: Rule) -> list[str]:
    if not rule.get("cap_fen"):
        return []
    return [_("At most ¥%(cap)s off one order.") % {"cap": short_yuan(rule["cap_fen"])}]


def _days(rule: Rule) -> str:
    return ", ".join(str(day) for day in rule.get("days", []))


def _member_day(rule: Rule, names: Names) -> list[str]:
    return [
        _("On day %(days)s of each month %(rate)s.")
        % {"days": _days(rule), "rate": rate_text(rule["rate_bp"])}
    ]


def _loyal_rate(rule: Rule, names: Names) -> list[str]:
    told = [_("Old customers: %(rate)s.") % {"rate": rate_text(rule["rate_bp"])}]
    if rule.get("threshold_fen"):
        spent = short_yuan(rule["threshold_fen"])
        told.append(_("Who has spent ¥%(spent)s before.") % {"spent": spent})
    if rule.get("min_orders"):
        told.append(
            _("Who has finished %(orders)s orders before.") % {"orders": rule["min_orders"]}
        )
    if rule.get("days"):
        told.append(_("Only on day %(days)s of each month.") % {"days": _days(rule)})
    return told


def _free_freight(rule: Rule, names: Names) -> list[str]:
    if not rule["threshold_fen"]:
        return [_("Free freight from the first piece on.")]
    return [_("Free freight from ¥%(threshold)s.") % {
        "threshold": short_yuan(rule["threshold_fen"])
    }]  # fmt: skip


TELLERS: Mapping[str, Callable[[Rule, Names], list[str]]] = {
    Kind.SALE: _sale,
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
