"""What a list can be narrowed by, and how many goods each choice leaves: one set, read once.

A choice is counted with every other filter on and its own facet off, so that each number is what a
click would show. Up to 5,000 matches the numbers are exact; above, those of choices are at least
so many, and what the chosen filters leave is counted on its own. Source: C-04, C-05, C-52.
"""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F

from catalog.models import AttributeDefinition, Brand, Category, Product, ShelfCard
from catalog.selectors.buckets import PRICE_EDGES, Bucket, number_buckets, price_buckets
from catalog.selectors.conditions import ATTRIBUTE, condition_names, conditions
from catalog.selectors.filters import CardFilters
from catalog.selectors.regions import sold_to
from catalog.selectors.searching import matching
from catalog.shared import shows_shelf
from mall.kernel.db import Replanned

EXACT = 5_000
MOST_FACETS = 6
MOST_VALUES = 20
COLUMNS = {"category_id": F("product__category_id"), "brand_id": F("product__brand_id")}

COUNTS = """
    WITH hits AS MATERIALIZED ({hits})
    SELECT 'all' AS kind, 0::bigint AS id, '' AS zh, '' AS en, '' AS slug,
        count(*) AS n, 0::bigint AS edge, 0 AS level, 0::bigint AS parent FROM hits
    UNION ALL SELECT 'total', 0, '', '', '', count(*), 0, 0, 0 FROM hits WHERE {all}
    UNION ALL SELECT 'stock', in_stock::int, '', '', '', count(*), 0, 0, 0
        FROM hits WHERE {but_in_stock} GROUP BY in_stock
    UNION ALL SELECT 'price', width_bucket(price_fen, %s::bigint[]), '', '', '', count(*),
        count(*) FILTER (WHERE price_fen = ANY(%s::bigint[])), 0, 0
        FROM hits WHERE {but_price} GROUP BY width_bucket(price_fen, %s::bigint[])
    UNION ALL SELECT 'brand', brand.id, brand.title_zh, brand.title_en, brand.slug,
        count(*), 0, 0, 0
        FROM hits JOIN catalog_brand brand ON brand.id = hits.brand_id AND brand.is_active
        WHERE {but_brand} GROUP BY brand.id
    UNION ALL SELECT 'category', above.id, above.title_zh, above.title_en, above.slug,
        sum(own.n)::bigint, 0, above.level, coalesce(above.parent_id, 0)
        FROM (SELECT category_id, count(*) AS n FROM hits WHERE {but_category} GROUP BY 1) own
        JOIN catalog_category category ON category.id = own.category_id
        JOIN catalog_category above ON above.id = ANY(category.path_ids) AND above.is_active
        GROUP BY above.id
    UNION ALL SELECT 'value', value.definition_id, value.value_zh, value.value_en, '', count(*),
        0, 0, 0
        FROM hits JOIN catalog_productattribute value ON value.product_id = hits.product_id
        JOIN catalog_attributedefinition definition ON definition.id = value.definition_id
            AND definition.is_searchable
        WHERE {but_attributes} GROUP BY value.definition_id, value.value_zh, value.value_en
"""


class Counted(NamedTuple):
    """A row of the statement above."""

    kind: str
    id: int
    zh: str
    en: str
    slug: str
    n: int
    edge: int
    level: int
    parent: int


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow, and how many goods it leaves."""

    value: str
    title_zh: str
    title_en: str
    count: int
    id: int = 0
    level: int = 0
    parent: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class AttributeFacet:
    """An attribute by its code: choices of words, or ranges of a number with its unit."""

    code: str
    title_zh: str
    title_en: str
    unit_zh: str
    unit_en: str
    choices: tuple[Choice, ...] = ()
    ranges: tuple[Bucket, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Facets:
    """The numbers beside a list. ``is_more``: there are more than ``total``; ``is_cut``: the
    numbers of choices are at least so many."""

    total: int
    is_more: bool
    is_cut: bool
    categories: tuple[Choice, ...] = ()
    brands: tuple[Choice, ...] = ()
    prices: tuple[Bucket, ...] = ()
    attributes: tuple[AttributeFacet, ...] = ()
    in_stock: int = 0


NOTHING = Facets(0, is_more=False, is_cut=False)


def facets(
    filters: CardFilters, *, literal: str, at: datetime, own: Collection[str] = ()
) -> Facets:
    """The numbers of a list. ``literal`` is the tsquery that found it, ``own`` names what the page
    itself is about (``category``, ``brand``): that is no choice.

    Queries: 2; 3 when more than 5,000 goods match and something is chosen.
    """
    shows_shelf(filters.category.pk if filters.category else None)
    if filters.q and not literal:
        return NOTHING
    rows = _counted(filters, literal, at, own)
    is_cut = _number(rows, "all") > EXACT
    total = _number(rows, "total")
    if is_cut and _flags(filters, own):
        total = _matches(filters, literal, at)
    total, is_more = min(total, EXACT), total > EXACT
    return Facets(
        total=total,
        is_more=is_more,
        is_cut=is_cut,
        categories=_choices(rows, "category"),
        brands=_choices(rows, "brand"),
        prices=price_buckets({row.id: (row.n, row.edge) for row in rows if row.kind == "price"}),
        attributes=_attributes(rows, filters),
        in_stock=sum(row.n for row in rows if row.kind == "stock" and row.id),
    )


def match_count(filters: CardFilters, *, literal: str, at: datetime) -> int:
    """How many goods answer a search, exact up to 5,000. Queries: 1, none without words."""
    return min(_matches(filters, literal, at), EXACT) if literal else 0


def _counted(
    filters: CardFilters, literal: str, at: datetime, own: Collection[str]
) -> list[Counted]:
    """The statement, over the goods that answer the words and what the page is about."""
    flags = _flags(filters, own)
    sql, params = _statement(filters, literal, at, own)
    statement = COUNTS.format(hits=sql, **_wheres(flags, filters))
    edges = list(PRICE_EDGES)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, edges, edges, edges])
        return [Counted(*row) for row in cursor.fetchall()]


def _flags(filters: CardFilters, own: Collection[str]) -> dict[str, str]:
    """The column of each condition that is a choice, with the condition's name."""
    names = [name for name in condition_names(filters) if name not in own]
    return {f"ok_{number}": name for number, name in enumerate(names)}


def _statement(
    filters: CardFilters, literal: str, at: datetime, own: Collection[str]
) -> tuple[str, Sequence[Any]]:
    """The goods in SQL, built once where no attribute and no region is asked."""
    if filters.attributes or filters.region_code:
        return _hits(filters, literal, at, own).query.sql_with_params()
    return _usual_hits.told(
        frozenset(own),
        literal=literal or None,
        category_id=filters.category.pk if filters.category else None,
        brand_id=filters.brand.pk if filters.brand else None,
        price_min_fen=filters.price_min_fen,
        price_max_fen=filters.price_max_fen,
        in_stock=filters.in_stock,
        at=at,
    )


@Replanned
def _usual_hits(
    own: frozenset[str],
    *,
    literal: str | None,
    category_id: int | None,
    brand_id: int | None,
    at: datetime,
    **of_card: Any,
) -> Any:
    filters = CardFilters(
        category=None if category_id is None else Category(pk=category_id),
        brand=None if brand_id is None else Brand(pk=brand_id),
        **of_card,
    )
    return _hits(filters, literal or "", at, own)


def _hits(filters: CardFilters, literal: str, at: datetime, own: Collection[str]) -> Any:
    """The goods that answer the words and what the page is about, and each choice as a flag."""
    found = conditions(filters)
    rows = _answering(filters, literal, at)
    for name in found.keys() & set(own):
        rows = rows.filter(found[name])
    flags = _flags(filters, own)
    wrapped = {
        flag: ExpressionWrapper(found[name], output_field=BooleanField())
        for flag, name in flags.items()
    }
    hits = rows.annotate(**COLUMNS, **wrapped).order_by()
    return hits.values("product_id", "price_fen", "in_stock", *COLUMNS, *flags)[: EXACT + 1]


def _answering(filters: CardFilters, literal: str, at: datetime) -> Any:
    """The cards that answer the words, whatever else is chosen."""
    rows = ShelfCard.objects.at(at).filter(product__status=Product.Status.ON_SALE)
    rows = sold_to(rows, filters.region_code)
    return matching(rows, literal) if literal else rows


def _matches(filters: CardFilters, literal: str, at: datetime) -> int:
    """How many goods are left, up to one more than is counted exactly. Queries: 1."""
    rows = _answering(filters, literal, at)
    for condition in conditions(filters).values():
        rows = rows.filter(condition)
    return rows.order_by()[: EXACT + 1].count()


def _wheres(flags: Mapping[str, str], filters: CardFilters) -> dict[str, str]:
    """Every filter but a facet's own, in SQL: names of our own columns and ids only."""

    def but(own: str) -> str:
        return " AND ".join(["true", *(flag for flag, name in flags.items() if name != own)])

    attributes = ["true"]
    for flag, name in flags.items():
        if name.startswith(ATTRIBUTE):
            asked = filters.attributes[int(name.removeprefix(ATTRIBUTE))]
            ids = ", ".join(str(int(pk)) for pk in asked.definition_ids)
            attributes.append(f"({flag} OR definition.id IN ({ids}))")
        else:
            attributes.append(flag)
    names = ("in_stock", "price", "brand", "category")
    wheres = {f"but_{name}": but(name) for name in names}
    return {**wheres, "all": but(""), "but_attributes": " AND ".join(attributes)}


def _number(rows: Sequence[Counted], kind: str) -> int:
    return next((row.n for row in rows if row.kind == kind), 0)


def _choices(rows: Sequence[Counted], kind: str) -> tuple[Choice, ...]:
    found = [
        Choice(row.slug, row.zh, row.en, row.n, row.id, row.level, row.parent)
        for row in rows
        if row.kind == kind
    ]
    return tuple(sorted(found, key=lambda choice: (-choice.count, choice.title_zh, choice.id)))


def _attributes(rows: Sequence[Counted], filters: CardFilters) -> tuple[AttributeFacet, ...]:
    """The attributes that most of the goods have, those asked for in front, also when they leave
    nothing; without numbers that lie too near to one another for ranges. Queries: 0 or 1."""
    values: dict[int, list[Counted]] = {}
    for row in rows:
        if row.kind == "value":
            values.setdefault(row.id, []).append(row)
    for wanted in filters.attributes:
        for pk in wanted.definition_ids:
            texts = () if wanted.ranges else wanted.values
            values.setdefault(pk, [_nothing(pk, text) for text in texts])
    if not values:
        return ()
    definitions = AttributeDefinition.objects.filter(pk__in=values).order_by("sort", "pk")
    by_code: dict[str, list[AttributeDefinition]] = {}
    for definition in definitions:
        by_code.setdefault(definition.code, []).append(definition)
    asked = {pk for wanted in filters.attributes for pk in wanted.definition_ids}
    order = sorted(
        by_code.items(),
        key=lambda item: (
            not any(row.pk in asked for row in item[1]),
            -sum(counted.n for row in item[1] for counted in values[row.pk]),
        ),
    )
    found = (_attribute(group, values) for _code, group in order)
    return tuple(facet for facet in found if facet.choices or facet.ranges)[:MOST_FACETS]


def _nothing(definition_id: int, text: str) -> Counted:
    """A word that was asked for and that no goods have."""
    return Counted("value", definition_id, text, "", "", n=0, edge=0, level=0, parent=0)


def _attribute(
    group: Sequence[AttributeDefinition], values: Mapping[int, Sequence[Counted]]
) -> AttributeFacet:
    first = group[0]
    texts: dict[str, Choice] = {}
    for choice in _values(group, values):
        known = texts.get(choice.value)
        count = choice.count + (known.count if known else 0)
        texts[choice.value] = dataclasses.replace(known or choice, count=count)
    is_number = all(row.kind == AttributeDefinition.Kind.NUMBER for row in group)
    ordered = sorted(texts.values(), key=lambda choice: (-choice.count, choice.title_zh))
    return AttributeFacet(
        code=first.code,
        title_zh=first.title_zh,
        title_en=first.title_en,
        unit_zh=first.unit_zh,
        unit_en=first.unit_en,
        choices=() if is_number else tuple(ordered[:MOST_VALUES]),
        ranges=number_buckets((one.title_zh, one.count) for one in ordered) if is_number else (),
    )


def _values(
    group: Sequence[AttributeDefinition], values: Mapping[int, Sequence[Counted]]
) -> Iterator[Choice]:
    for definition in group:
        codes = {choice.get("zh"): choice.get("code") for choice in definition.choices}
        for row in values[definition.pk]:
            yield Choice(codes.get(row.zh) or row.zh, row.zh, row.en, row.n)


def brands_in(category: Any) -> list[Mapping[str, Any]]:
    """Brands with something on sale in a category and below it, by name. Queries: 1."""
    products = Product.objects.on_sale().filter(brand__isnull=False)
    if category is not None:
        products = products.filter(category__path_ids__contains=[category.pk])
    rows = Brand.objects.filter(is_active=True, pk__in=products.values("brand"))
    return list(rows.order_by("title_zh", "pk").values("id", "slug", "title_zh", "title_en"))


def brands_of(ids: Collection[int]) -> list[Mapping[str, Any]]:
    """These brands, by name. Queries: 1."""
    rows = Brand.objects.filter(is_active=True, pk__in=ids)
    return list(rows.order_by("title_zh", "pk").values("id", "slug", "title_zh", "title_en"))
