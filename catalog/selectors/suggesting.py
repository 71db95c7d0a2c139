"""What a shopper may mean while still typing: popular searches, categories, brands, goods.

Source: C-53.
"""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, F, IntegerField, Q, Value

from catalog.models import Brand, Category, Product, SearchPhrase, ShelfCard
from catalog.search import beginning
from catalog.selectors.regions import sold_to
from catalog.selectors.searching import matching
from catalog.tokens import loose_terms, normalize, query_literal, strict_terms

WORDS = 8
PRODUCTS = 6
Kind = SearchPhrase.Kind
COLUMNS = ("kind", "id", "slug", "title_zh", "title_en", "weight")


def suggestions(
    q: str, *, at: datetime, region_code: str = "", language: str = ""
) -> list[dict[str, Any]]:
    """What fits ``q`` so far, also in pinyin and initials: kind, id, slug and titles.

    ``language`` keeps popular searches to those made in it. Queries: 2.
    """
    text = normalize(q)
    if not text:
        return []
    return [*_phrases(text, language), *_goods(text, at, region_code)]


def hot_phrases(language: str = "") -> Any:
    """The popular searches, by visitors and then by searches. Queries: none until read."""
    rows = SearchPhrase.objects.filter(kind=Kind.QUERY)
    if language:
        rows = rows.filter(language=language)
    return rows.order_by("-sessions", "-searches", "text")


def _phrases(text: str, language: str) -> list[dict[str, Any]]:
    """Phrases that begin so, and categories and brands that hold it anywhere. Queries: 1."""
    rows = SearchPhrase.objects.filter(prefixes__contains=[beginning(text)])
    if language:
        rows = rows.filter(~Q(kind=Kind.QUERY) | Q(language=language))
    phrases = rows.annotate(
        title_zh=F("text"), title_en=F("text_en"), weight=F("sessions"), target=F("ref")
    )
    columns = ("kind", "target", "slug", "title_zh", "title_en", "weight")
    found = phrases.order_by("-weight", "pk").values_list(*columns)[: WORDS * 2]
    named = [
        _holding(Category.objects.active(), text, Kind.CATEGORY),
        _holding(Brand.objects.filter(is_active=True), text, Kind.BRAND),
    ]
    rows_of_all = found.union(*(rows.values_list(*columns)[:WORDS] for rows in named), all=True)
    shown: dict[tuple[str, int, str], dict[str, Any]] = {}
    for kind, target, slug, zh, en, weight in rows_of_all:
        known = {"kind": kind, "id": target, "slug": slug, "title_zh": zh, "title_en": en}
        shown.setdefault((kind, target, zh), {**known, "weight": weight})
    order = (Kind.QUERY, Kind.CATEGORY, Kind.BRAND)
    ordered = sorted(
        shown.values(), key=lambda row: (order.index(row["kind"]), -row["weight"], row["title_zh"])
    )
    return [{name: row[name] for name in COLUMNS[:-1]} for row in ordered[:WORDS]]


def _holding(rows: Any, text: str, kind: str) -> Any:
    """Where a Chinese title has it anywhere, an English one as the beginning of a word: after what
    begins so."""
    in_english = Q(title_en__istartswith=text) | Q(title_en__icontains=f" {text}")
    return (
        rows.filter(Q(title_zh__icontains=text) | in_english)
        .order_by("pk")
        .annotate(
            kind=Value(kind, CharField()),
            target=F("pk") + Value(0, BigIntegerField()),
            weight=Value(-1, IntegerField()),
        )
    )


def _goods(text: str, at: datetime, region_code: str) -> list[dict[str, Any]]:
    """The best selling goods with these words. Queries: 1."""
    literal = query_literal([strict_terms(text) if len(text) > 1 else loose_terms(text)])
    rows = sold_to(
        ShelfCard.objects.at(at).filter(product__status=Product.Status.ON_SALE), region_code
    )
    found = matching(rows, literal).order_by("-sales_count", "-product_id")
    return [
        {"kind": "product", "id": pk, "slug": slug, "title_zh": zh, "title_en": en}
        for pk, slug, zh, en in found.values_list(
            "product_id", "product__slug", "product__title_zh", "product__title_en"
        )[:PRODUCTS]
    ]


def near_phrases(q: str, limit: int = 6) -> list[dict[str, Any]]:
    """Popular searches, categories and brands that share a part with ``q``. Queries: 1."""
    text = normalize(q)
    parts = {text[at : at + 2] for at in range(max(len(text) - 1, 1))} - {" "}
    rows: Any = SearchPhrase.objects.filter(prefixes__overlap=sorted(parts)).exclude(text=text)
    columns = {"title_zh": F("text"), "title_en": F("text_en")}
    return list(rows.order_by("-sessions", "pk").values("kind", "slug", **columns)[:limit])
