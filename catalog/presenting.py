"""Dicts of api.md out of rows: one language, no query. API and pages share them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.block_shapes import attribute, block
from catalog.blocks import KINDS, with_papers
from catalog.editions import Special, edition_badge
from catalog.imaging import image, video
from catalog.models import Category
from catalog.screening import Finding
from catalog.selectors import (
    AttributeFacet,
    Branch,
    Choice,
    PartFacts,
    ProductPage,
    SkuFacts,
)
from catalog.services import TextFinding
from catalog.words import CLASSES
from mall.kernel.words import in_english, localized

__all__ = [
    "DETAIL_KINDS",
    "attribute",
    "attribute_facet",
    "axes",
    "badge",
    "block",
    "branch",
    "card",
    "choice",
    "edition",
    "findings_table",
    "head_words",
    "image",
    "marked",
    "named",
    "options",
    "parts",
    "price_ends_at",
    "product",
    "sku_image",
    "sold_part",
    "video",
]

Prices = Mapping[int, tuple[int, int]]
DETAIL_KINDS = tuple(KINDS)
"""Kinds of detail blocks; each has a template of its name."""


def card(row: Mapping[str, Any]) -> dict[str, Any]:
    """A card of api.md out of a row of ``list_cards`` or ``cards_of``."""
    name = localized(row, "title")
    return {
        "id": row["product_id"],
        "slug": row["slug"],
        "name": name,
        "subtitle": localized(row, "subtitle"),
        "image": _with_alt(image(row["image"]), name),
        "price_fen": row["price_fen"],
        "price_to_fen": row["price_to_fen"],
        "list_price_fen": row["list_price_fen"],
        "is_list_price_suggested": bool(row["is_list_price_suggested"]),
        "badges": [badge(item) for item in row["badges"] or ()],
        "sales_count": row["sales_count"],
        "buyers_count": row["buyers_count"],
        "rating": {"average_x10": row["rating_x10"] or 0, "count": row["rating_count"]},
        "in_stock": bool(row["in_stock"]),
    }


def edition(special: Special) -> dict[str, Any] | None:
    """The edition of a product in words, with its limits; None for ordinary goods."""
    found = edition_badge(special)
    return found and {
        **badge(found),
        "total_limit": special.total_limit,
        "member_limit": special.member_limit,
    }


def badge(item: Mapping[str, Any]) -> dict[str, str]:
    """{kind, label} of a badge on the shelf."""
    return {"kind": item["kind"], "label": localized(item, "label")}


def price_ends_at(row: Mapping[str, Any]) -> datetime:
    """Until when the price of a reduced card holds; the card itself may end before that."""
    for item in row["badges"] or ():
        if "ends_at" in item:
            return datetime.fromisoformat(item["ends_at"])
    until: datetime = row["valid_until"]
    return until


def options(facts: SkuFacts) -> dict[str, str]:
    """{axis: value} of a SKU in words, in the order shown."""
    return {_word(text[:2]): _word(text[2:]) for text in facts.options}


def sku_image(facts: SkuFacts) -> dict[str, Any] | None:
    """The picture of a SKU; its text is the product's title where it has none."""
    return _with_alt(image(facts.image), localized(_titles(facts), "title"))


def parts(rows: Iterable[PartFacts]) -> list[dict[str, Any]]:
    """What a bundle holds, part by part; empty for ordinary goods."""
    return [
        {
            "sku_id": row.sku_id,
            "product_id": row.product_id,
            "title": localized(row, "title"),
            "options": {_word(text[:2]): _word(text[2:]) for text in row.options},
            "image": _with_alt(image(row.image), localized(row, "title")),
            "quantity": row.quantity,
        }
        for row in rows
    ]


def sold_part(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a part as an order's line keeps it."""
    return {
        "sku_id": row["sku_id"],
        "product_id": row["product_id"],
        "title": localized(row, "title"),
        "options": {
            localized(option, "title"): localized(option, "value") for option in row["options"]
        },
        "image": _with_alt(image(row["image"]), localized(row, "title")),
        "quantity": row["quantity"],
    }


def product(
    page: ProductPage,
    *,
    available: Mapping[int, int],
    at: datetime,
    prices: Prices | None = None,
    offers: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The product of api.md. ``available`` pieces and ``prices`` (price, list price) are by SKU id.

    Price range and stock of its card come from the same figures, so page and SKUs never disagree.
    """
    tags = {
        sku["id"]: (prices or {}).get(sku["id"], (sku["price_fen"], sku["list_price_fen"]))
        for sku in page.skus
    }
    in_range = [price for price, _list_price in tags.values()] or [0]
    row = {
        **page.card,
        "price_fen": min(in_range),
        "price_to_fen": max(in_range),
        "list_price_fen": max((list_price for _price, list_price in tags.values()), default=0),
        "in_stock": any(available.get(sku_id, 0) > 0 for sku_id in tags),
    }
    return {
        **card(row),
        "brand": _named(page.product.brand) if page.product.brand else None,
        "categories": [_named(category) for category in page.path],
        "options": axes(page),
        "skus": [_sku(page, sku, tags[sku["id"]], available) for sku in page.skus],
        "attributes": [attribute(value) for value in page.attributes],
        "blocks": [block(page, item) for item in _blocks(page)],
        "video": video(page.video, page.card["image"]),
        "offers": list(offers),
        "media": [_with_alt(image(item), localized(page.card, "title")) for item in page.gallery],
        "favourites_count": page.favourites_count,
        "server_time": at,
    }


def _blocks(page: ProductPage) -> Sequence[Mapping[str, Any]]:
    """Its papers are shown, whether or not somebody made a block for them."""
    written: list[Mapping[str, Any]] = page.product.blocks
    return with_papers(written) if page.papers else written


def axes(page: ProductPage) -> list[dict[str, Any]]:
    """The axes of choice that the offered SKUs use: [{code, name, values: [{code, name}]}]."""
    used = {pair for sku in page.skus for pair in sku["options"].items()}
    found: dict[str, dict[str, Any]] = {}
    for (axis, code), text in page.options.items():
        if (axis, code) in used:
            entry = found.setdefault(axis, {"code": axis, "name": _word(text[:2]), "values": []})
            entry["values"].append({"code": code, "name": _word(text[2:])})
    return list(found.values())


def head_words(row: Any) -> dict[str, str]:
    """{keywords, description} that the operator wrote for search engines, in the page's language
    only: what was left empty the page says in its usual words (C-51)."""
    code = "en" if in_english() else "zh"
    names = ("keywords", "description")
    return {name: getattr(row, f"meta_{name}_{code}") for name in names}


def branch(node: Branch) -> dict[str, Any]:
    """{id, slug, name, icon, level, children} of a category and what is below it."""
    return {
        "id": node.id,
        "slug": node.slug,
        "name": localized(node, "title"),
        "icon": node.icon,
        "level": node.level,
        "children": [branch(child) for child in node.children],
    }


def named(row: Mapping[str, Any]) -> dict[str, Any]:
    """{id, slug, name} of a row with titles, with its ``kind`` where it has one."""
    kind = {"kind": row["kind"]} if "kind" in row else {}
    return {**kind, "id": row["id"], "slug": row["slug"], "name": localized(row, "title")}


def choice(row: Choice) -> dict[str, Any]:
    """{value, name, count} of a choice beside a list."""
    titles = {"title_zh": row.title_zh, "title_en": row.title_en}
    return {"value": row.value, "name": localized(titles, "title"), "count": row.count}


def attribute_facet(facet: AttributeFacet) -> dict[str, Any]:
    """An attribute beside a list; ranges of numbers are choices as the filter takes them."""
    names = ("title_zh", "title_en", "unit_zh", "unit_en")
    words = {name: getattr(facet, name) for name in names}
    ranges = [
        {"value": bucket.value, "name": bucket.value, "count": bucket.count}
        for bucket in facet.ranges
    ]
    return {
        "code": facet.code,
        "name": localized(words, "title"),
        "unit": localized(words, "unit"),
        "choices": [*(choice(row) for row in facet.choices), *ranges],
    }


def _named(row: Category | Any) -> dict[str, Any]:
    return {"id": row.pk, "slug": row.slug, "name": localized(row, "title")}


def _sku(
    page: ProductPage,
    sku: Mapping[str, Any],
    tag: tuple[int, int],
    available: Mapping[int, int],
) -> dict[str, Any]:
    chosen = sku["options"].items()
    words = [text for pair, text in page.options.items() if pair in chosen]
    return {
        "id": sku["id"],
        "code": sku["code"],
        "options": {_word(text[:2]): _word(text[2:]) for text in words},
        "option_codes": sku["options"],
        "price_fen": tag[0],
        "list_price_fen": tag[1],
        "is_list_price_suggested": sku["is_list_price_suggested"],
        "available": max(available.get(sku["id"], 0), 0),
        "image": _with_alt(image(sku["image"]), localized(page.card, "title")),
        "parts": parts(sku["parts"]),
    }


def _with_alt(picture: dict[str, Any] | None, title: str) -> dict[str, Any] | None:
    if picture is not None and not picture["alt"]:
        picture["alt"] = title
    return picture


def _titles(facts: SkuFacts) -> dict[str, str]:
    return {"title_zh": facts.title_zh, "title_en": facts.title_en}


def _word(pair: tuple[str, ...]) -> str:
    return localized({"word_zh": pair[0], "word_en": pair[1]}, "word")


def findings_table(findings: Sequence[TextFinding]) -> SafeString | str:
    """Place, class, what it does, and the text with the hit marked; "-" for none."""
    if not findings:
        return "-"
    rows = (
        (
            row.place,
            CLASSES[row.hit.term_class],
            _("blocks") if row.blocks else _("warns"),
            row.hit.word,
            marked(row.text, [row.hit]),
        )
        for row in findings
    )
    lines = format_html_join("", "<li>{} · {} · {} · {}: {}</li>", rows)
    return format_html("<ul>{}</ul>", lines)


def marked(text: str, hits: Iterable[Finding]) -> str:
    """HTML of a text with the places of the hits marked; overlapping ones are one mark."""
    parts: list[tuple[str, str]] = []
    end = 0
    for start, stop in _joined(hits):
        parts.append((text[end:start], text[start:stop]))
        end = stop
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[end:])


def _joined(hits: Iterable[Finding]) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda row: (row.start, row.end)):
        if places and hit.start < places[-1][1]:
            places[-1] = (places[-1][0], max(places[-1][1], hit.end))
        else:
            places.append((hit.start, hit.end))
    return places
