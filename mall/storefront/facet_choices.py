"""The choices beside a list as its form shows them: with numbers, with what is chosen. Pure."""

from collections.abc import Collection, Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalog.selectors import AttributeFacet, Bucket, CardFilters, Choice, Facets
from mall.kernel.words import localized
from mall.storefront.links import here

ENDS = ("price_min", "price_max")
NARROWING = {"brand", "category", "in_stock", *ENDS}
ATTRIBUTE = "attr."
LEVEL_SHOWN = 2
"""Goods hang below the roots; what is deeper is found on the page of its category."""
MOST_CHOICES = 12
"""Open at once; the rest opens under "More"."""
MOST_FOLDED = 100
"""Beyond, searching by name is quicker than reading a list."""
FEN_IN_YUAN = 100

Facet = dict[str, Any]


def is_facet(name: str) -> bool:
    """True for a parameter that takes something away from the list."""
    return name in NARROWING or name.startswith(ATTRIBUTE)


def facets_of(
    request: HttpRequest, numbers: Facets, filters: CardFilters, *, own: Collection[str] = ()
) -> list[Facet]:
    """Category, brand, price, attributes, stock; what the page itself is about is no choice."""
    found = []
    if "category" not in own:
        found.append(_category(numbers, filters))
    if "brand" not in own:
        found.append(_brand(numbers, filters))
    found.append(price_facet(request, numbers))
    found += [_attribute(request, facet, numbers.is_cut) for facet in numbers.attributes]
    found.append(_stock(request, numbers))
    return [facet for facet in found if facet["kind"] == "range" or facet["options"]]


def folded(facet: Facet, options: list[dict[str, Any]]) -> Facet:
    """The facet with its first choices and all that are chosen in front, the rest under "More"."""
    rest = options[MOST_CHOICES:]
    open_at_once = [*options[:MOST_CHOICES], *(one for one in rest if one["chosen"])]
    more = [one for one in rest if not one["chosen"]][:MOST_FOLDED]
    return {**facet, "options": open_at_once, "more": more}


def option(value: str, label: str, chosen: bool, count: str | None = None) -> dict[str, Any]:
    """One choice of a facet and how many goods it leaves."""
    return {"value": value, "label": label, "count": count, "chosen": chosen}


def price_facet(request: HttpRequest, numbers: Facets) -> Facet:
    """From and to, in yuan, as they were typed; and ranges to choose."""
    low, high = (request.GET.get(end, "")[:9] for end in ENDS)
    links = [_price_link(request, bucket, numbers.is_cut) for bucket in numbers.prices]
    label = _("Price (yuan)")
    kind = {"name": "price", "label": label, "kind": "range"}
    return {**kind, "low": low, "high": high, "links": links}


def _category(numbers: Facets, filters: CardFilters) -> Facet:
    chosen = filters.category
    rows = [row for row in numbers.categories if row.level == LEVEL_SHOWN]
    known = [row.value for row in rows]
    if chosen is not None and chosen.slug not in known:
        rows.insert(0, _known(numbers.categories, chosen))
    options = _radios(rows, chosen.slug if chosen else None, numbers.is_cut)
    return folded({"name": "category", "label": _("Category"), "kind": "radio"}, options)


def _brand(numbers: Facets, filters: CardFilters) -> Facet:
    chosen = filters.brand
    rows = list(numbers.brands)
    if chosen is not None and chosen.slug not in [row.value for row in rows]:
        rows.insert(0, _known(numbers.brands, chosen))
    options = _radios(rows, chosen.slug if chosen else None, numbers.is_cut)
    return folded({"name": "brand", "label": _("Brand"), "kind": "radio"}, options)


def _known(rows: Iterable[Choice], chosen: Any) -> Choice:
    """The choice that was made, also when it leaves nothing."""
    nothing = Choice(chosen.slug, chosen.title_zh, chosen.title_en, 0, chosen.pk)
    return next((row for row in rows if row.value == chosen.slug), nothing)


def _radios(rows: Iterable[Choice], chosen: str | None, is_cut: bool) -> list[dict[str, Any]]:
    return [
        option(row.value, _title(row), row.value == chosen, _number(row.count, is_cut))
        for row in rows
    ]


def _stock(request: HttpRequest, numbers: Facets) -> Facet:
    chosen = request.GET.get("in_stock") == "true"
    count = _number(numbers.in_stock, numbers.is_cut)
    options = [option("true", _("In stock only"), chosen, count)]
    return {"name": "in_stock", "label": _("Stock"), "kind": "check", "options": options}


def _attribute(request: HttpRequest, facet: AttributeFacet, is_cut: bool) -> Facet:
    name = f"{ATTRIBUTE}{facet.code}"
    asked = request.GET.getlist(name)
    options = [
        option(
            row.value,
            _title(row),
            not {row.value, row.title_zh, row.title_en}.isdisjoint(asked),
            _number(row.count, is_cut),
        )
        for row in facet.choices
    ]
    for bucket in facet.ranges:
        value = bucket.value
        label = _span(bucket, 1, localized(_titled(facet), "unit"))
        options.append(option(value, label, value in asked, _number(bucket.count, is_cut)))
    shown = {one["value"] for one in options if one["chosen"]} | {
        word for row in facet.choices for word in (row.value, row.title_zh, row.title_en)
    }
    options += [option(value, value[:40], True, "0") for value in asked if value not in shown]
    label = localized(_titled(facet), "title")
    return folded({"name": name, "label": label, "kind": "check"}, options)


def _price_link(request: HttpRequest, bucket: Bucket, is_cut: bool) -> dict[str, Any]:
    ends = {"price_min": _yuan(bucket.low), "price_max": _yuan(bucket.high)}
    chosen = all((request.GET.get(end) or None) == value for end, value in ends.items())
    return {
        "label": f"¥{_span(bucket, FEN_IN_YUAN)}",
        "count": _number(bucket.count, is_cut),
        "url": here(request, **(dict.fromkeys(ENDS) if chosen else ends)),
        "chosen": chosen,
    }


def _span(bucket: Bucket, scale: int, unit: str = "") -> str:
    """40–100 g, 100 g and up."""
    low, high = (None if end is None else _plain(end / scale) for end in (bucket.low, bucket.high))
    if high is None:
        return _("%(low)s and up") % {"low": f"{low} {unit}".strip()}
    return f"{low or 0}–{high} {unit}".strip()


def _plain(number: Any) -> str:
    """A number without an exponent or zeros at its end; nothing for None."""
    return "" if number is None else f"{number.normalize():f}"


def _yuan(fen: Any) -> str | None:
    return None if fen is None else _plain(fen / FEN_IN_YUAN)


def _title(row: Choice) -> str:
    return localized({"title_zh": row.title_zh, "title_en": row.title_en}, "title")


def _titled(facet: AttributeFacet) -> dict[str, str]:
    names = ("title_zh", "title_en", "unit_zh", "unit_en")
    return {name: getattr(facet, name) for name in names}


def _number(count: int, is_cut: bool) -> str:
    return f"{count}+" if is_cut else str(count)
