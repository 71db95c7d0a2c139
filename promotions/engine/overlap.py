"""Whether two rules can meet: on the same goods, at the same time, for the same shopper."""

from __future__ import annotations

from datetime import UTC, datetime

from promotions.engine.rules.base import Rule
from promotions.engine.scope import Scope

BEGIN, END = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def can_meet(one: Rule, other: Rule) -> bool:
    """Some shopper, place and instant are in both rules, and their scopes may share goods."""
    return (
        starts(one) < ends(other)
        and starts(other) < ends(one)
        and _share(one.tier_codes, other.tier_codes)
        and _near_each_other(one.region_prefixes, other.region_prefixes)
        and may_share_goods(one.scope, other.scope)
    )


def is_within(inner: Rule, outer: Rule) -> bool:
    """Wherever ``inner`` holds, ``outer`` holds too: goods, time, shoppers and regions."""
    return (
        starts(outer) <= starts(inner)
        and ends(inner) <= ends(outer)
        and _holds(outer.tier_codes, inner.tier_codes)
        and _serves(outer.region_prefixes, inner.region_prefixes)
        and holds_goods(outer.scope, inner.scope)
    )


def starts(rule: Rule) -> datetime:
    """From when on, the dawn of time if open."""
    return BEGIN if rule.starts_at is None else rule.starts_at


def ends(rule: Rule) -> datetime:
    """Until when, the end of time if open."""
    return END if rule.ends_at is None else rule.ends_at


def may_share_goods(one: Scope, other: Scope) -> bool:
    """False only when the ids alone prove that no article is in both.

    Of goods named by different kinds of ids (a category and a brand) nobody knows without the
    catalog: they may.
    """
    return _left_by(one, other) and _left_by(other, one) and _names_meet(one, other)


def holds_goods(outer: Scope, inner: Scope) -> bool:
    """Every article of ``inner`` is in ``outer``, as far as the ids alone prove."""
    keeps_out_less = (
        outer.excluded_category_ids <= inner.excluded_category_ids
        and outer.excluded_product_ids <= inner.excluded_product_ids
    )
    if not keeps_out_less or outer.is_whole_shop or inner.is_whole_shop:
        return keeps_out_less and outer.is_whole_shop
    return all(named <= held for named, held in zip(_names(inner), _names(outer), strict=True))


def _names(scope: Scope) -> tuple[frozenset[int], ...]:
    return scope.category_ids, scope.brand_ids, scope.product_ids, scope.sku_ids


def _names_meet(one: Scope, other: Scope) -> bool:
    if one.is_whole_shop or other.is_whole_shop:
        return True
    kinds = [(bool(a), bool(b)) for a, b in zip(_names(one), _names(other), strict=True)]
    if [a for a, _ in kinds] == [b for _, b in kinds] and sum(a for a, _ in kinds) == 1:
        return any(a & b for a, b in zip(_names(one), _names(other), strict=True))
    return True


def _left_by(one: Scope, other: Scope) -> bool:
    """Something that ``one`` names is not among what ``other`` leaves out."""
    if one.brand_ids or one.sku_ids or one.is_whole_shop:
        return True
    return bool(
        one.category_ids - other.excluded_category_ids
        or one.product_ids - other.excluded_product_ids
    )


def _share(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


def _holds(outer: frozenset[str], inner: frozenset[str]) -> bool:
    return not outer or (bool(inner) and inner <= outer)


def _near_each_other(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return True
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def _serves(outer: frozenset[str], inner: frozenset[str]) -> bool:
    return not outer or (bool(inner) and all(code.startswith(tuple(outer)) for code in inner))
