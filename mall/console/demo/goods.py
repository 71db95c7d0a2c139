"""Categories, brands, pictures and products of the demo, through the verbs of the catalogue.

Each thing is known by its code: what is there stays as operators left it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from catalog.models import (
    AttributeDefinition,
    Brand,
    Category,
    FreightTemplate,
    Media,
    Product,
    PublishingPolicy,
)
from catalog.services import (
    OptionPlan,
    SkuPlan,
    ValuePlan,
    adopt_file,
    adopt_pictures,
    indexed_once,
    publish_approved,
    save_brand,
    save_category,
    save_product,
    save_publishing_policy,
    save_skus,
    set_attributes,
    set_gallery,
    set_options,
)
from mall.console.demo import contents
from mall.console.demo.contents import MEDIA, Row, read
from mall.console.demo.seeding import Seeding, Tally, operator
from members.models import Account

NEWS_EVERY = 30


def seed_categories(seeding: Seeding) -> Tally:
    """The tree with its icons, and the attributes that goods below each node have."""
    there = {category.slug: category for category in Category.objects.all()}
    made = 0
    for node, parent in contents.categories():
        if node["slug"] not in there:
            above = there[parent["slug"]] if parent else None
            there[node["slug"]] = save_category(_category(node, above))
            made += 1
    AttributeDefinition.objects.bulk_create(
        [
            _definition(there[node["slug"]], sort, attribute)
            for node, _parent in contents.categories()
            for sort, attribute in enumerate(node["attributes"], 1)
        ],
        ignore_conflicts=True,
    )
    return Tally(made, len(there) - made)


def seed_brands(seeding: Seeding) -> Tally:
    """The brands."""
    there = set(Brand.objects.values_list("slug", flat=True))
    fresh = [row for row in read("brands.json") if row["slug"] not in there]
    for row in fresh:
        save_brand(Brand(**{name: row[name] for name in BRAND_COLUMNS}))
    return Tally(len(fresh), len(there))


BRAND_COLUMNS = ("slug", "title_zh", "title_en", "story_zh", "story_en")


def seed_products(seeding: Seeding) -> Tally:
    """The products with pictures, attributes and SKUs, on sale since the day they say."""
    rows = read("products.jsonl")
    there = set(Product.objects.values_list("code", flat=True))
    fresh = [row for row in rows if row["code"] not in there]
    if len(fresh) == len(rows):
        policy = {"approval": PublishingPolicy.Approval.WARNED}  # a demo is there to be played with
        save_publishing_policy(values=policy, at=seeding.at, actor=operator())
    shelves = _shelves(fresh) if fresh else None
    for number, row in enumerate(fresh, 1):
        assert shelves is not None
        _put_on_sale(row, shelves, seeding)
        if number % NEWS_EVERY == 0:
            seeding.tell(f"{number} of {len(fresh)} products")
    return Tally(len(fresh), len(rows) - len(fresh))


@dataclass(frozen=True, slots=True)
class _Shelves:
    """What products refer to, by code."""

    categories: dict[str, Category]
    brands: dict[str, Brand]
    templates: dict[str, FreightTemplate]
    pictures: dict[str, Media]
    actor: Account


def _shelves(rows: Iterable[Row]) -> _Shelves:
    names = {name for row in rows for name in _picture_names(row)}
    return _Shelves(
        categories={row.slug: row for row in Category.objects.all()},
        brands={row.slug: row for row in Brand.objects.all()},
        templates={row.code: row for row in FreightTemplate.objects.all()},
        pictures=adopt_pictures(folder=MEDIA, names=names),
        actor=operator(),
    )


def _picture_names(row: Row) -> Iterator[str]:
    yield from row["pictures"]
    yield from (point["picture"] for point in row["selling_points"] if point["picture"])
    yield from (
        value["picture"]
        for option in row["options"]
        for value in option["values"]
        if value.get("picture")
    )


@transaction.atomic
@indexed_once()
def _put_on_sale(row: Row, shelves: _Shelves, seeding: Seeding) -> None:
    """One product, whole or not at all."""
    at = seeding.ago(row["listed_days_ago"])
    product = save_product(values=_words(row, shelves), at=at, actor=shelves.actor)
    set_attributes(
        product=product,
        values={code: _value(value) for code, value in row["attributes"].items()},
        at=at,
        actor=shelves.actor,
    )
    set_gallery(product=product, pictures=[shelves.pictures[name] for name in row["pictures"]])
    set_options(
        product=product,
        options=[_option(option, shelves) for option in row["options"]],
        at=at,
        actor=shelves.actor,
    )
    save_skus(
        product=product,
        skus=[_sku(row, sku, shelves) for sku in row["skus"]],
        at=at,
        actor=shelves.actor,
    )
    publish_approved(product=product, at=at, actor=shelves.actor, checks_gradient=False)


def _category(node: Row, parent: Category | None) -> Category:
    icon = adopt_file(path=MEDIA / f"icon-{node['icon']}.webp", name=f"icons/{node['icon']}.webp")
    return Category(
        parent=parent,
        slug=node["slug"],
        title_zh=node["title_zh"],
        title_en=node["title_en"],
        icon=icon,
        sort=node["sort"],
    )


def _definition(category: Category, sort: int, row: Row) -> AttributeDefinition:
    columns = ("code", "title_zh", "title_en", "kind", "unit_zh", "unit_en", "choices")
    return AttributeDefinition(
        category=category,
        sort=sort,
        is_required=row["required"],
        is_searchable=row["searchable"],
        **{name: row[name] for name in columns},
    )


def _words(row: Row, shelves: _Shelves) -> Any:
    names = ("code", "slug", "title_zh", "title_en", "subtitle_zh", "subtitle_en")
    return {name: row[name] for name in names} | {
        "category": shelves.categories[row["category"]],
        "brand": shelves.brands[row["brand"]],
        "freight_template": shelves.templates[row["freight_template"]],
        "keywords": " ".join(row["keywords"]),
        "blocks": [_point(point, shelves) for point in row["selling_points"]],
    }


def _point(point: Row, shelves: _Shelves) -> Row:
    words = {name: text for name, text in point.items() if name != "picture"}
    picture = {"media_id": shelves.pictures[point["picture"]].pk} if point["picture"] else {}
    return {"kind": "point", **words, **picture}


def _value(value: Any) -> tuple[str, str]:
    """A text in two languages, or a number or the code of a choice."""
    return (value["zh"], value["en"]) if isinstance(value, dict) else (str(value), "")


def _option(option: Row, shelves: _Shelves) -> OptionPlan:
    values = [
        ValuePlan(value["code"], value["zh"], value["en"], shelves.pictures.get(_picture(value)))
        for value in option["values"]
    ]
    return OptionPlan(option["code"], option["title_zh"], values, option["title_en"])


def _picture(value: Row) -> str:
    return value.get("picture") or ""


def _sku(row: Row, sku: Row, shelves: _Shelves) -> SkuPlan:
    chosen = [
        value
        for option in row["options"]
        for value in option["values"]
        if value["code"] == sku["options"][option["code"]]
    ]
    own = [shelves.pictures[_picture(value)] for value in chosen if _picture(value)]
    names = ("code", "options", "price_fen", "list_price_fen", "cost_fen", "weight_grams")
    return SkuPlan(
        media=own[0] if own else None,
        barcode=sku["barcode"],
        **{name: sku[name] for name in names},
    )
