"""What bundles are made of, as prices, orders and pages see it. Source: requirement C-13."""

import dataclasses
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import BoolAnd
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import JSONObject

from catalog.models import BundlePart, Sku
from catalog.models.sku import offered_at
from catalog.selectors.options import chosen_words, option_words
from catalog.selectors.pictures import COLUMNS, first_picture
from catalog.selectors.regions import limits_of

PICTURE = {f"media__{column}": F(f"media__{column}") for column in COLUMNS}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartFacts:
    """One part of a bundle and how many pieces of it are in each; ``options``, ``image`` and
    ``sold_prefixes`` as in `SkuFacts`. A bundle is sold when, and where, all its parts are."""

    sku_id: int
    product_id: int
    code: str
    title_zh: str
    title_en: str
    quantity: int
    options: tuple[tuple[str, str, str, str], ...] = ()
    image: dict[str, Any] | None = None
    is_buyable: bool = True
    sold_prefixes: tuple[str, ...] = ()


Parts = tuple[PartFacts, ...]
Kit = tuple[tuple[int, int], ...]
Span = tuple[datetime | None, datetime | None]
"""From when until when; None: since ever, for ever."""


def kit_of(parts: Parts) -> Kit:
    """What one bundle takes from stock: SKU id and pieces of each part."""
    return tuple((part.sku_id, part.quantity) for part in parts)


def are_buyable(parts: Parts) -> bool:
    """True when every part is sold: what is off the shelf is sold in no bundle either."""
    return all(part.is_buyable for part in parts)


def parts_column(at: datetime) -> Case:
    """The parts of the SKU of the outer row at an instant as JSON objects, for `read_parts`; None
    of what is no bundle, which costs no look at the parts."""
    rows = _part_rows(at).filter(bundled_in__bundle=OuterRef("pk"))
    return Case(When(is_bundle=True, then=ArraySubquery(rows.values("row"))), default=Value(None))


def read_parts(rows: Collection[Mapping[str, Any]] | None) -> Parts:
    """The parts in a value of `parts_column`."""
    return tuple(_read(row) for row in rows or ())


def bundle_parts(sku_ids: Collection[int], at: datetime) -> dict[int, Parts]:
    """The parts of those of these SKUs that are bundles, by SKU id. Queries: 1."""
    bundles = Sku.objects.filter(pk__in=sku_ids, is_bundle=True).annotate(parts=parts_column(at))
    return {pk: read_parts(parts) for pk, parts in bundles.values_list("pk", "parts")}


def bundles_with(sku_ids: Collection[int] | QuerySet[Any]) -> QuerySet[Sku]:
    """The bundles that hold one of these SKUs, a query of their ids among them."""
    return Sku.objects.filter(bundle_parts__part__in=sku_ids)


def whole_spans(sku_ids: Collection[int]) -> dict[int, Span]:
    """From when until when all the parts of those of these SKUs that are bundles are sold, by SKU
    id; a bundle with a part that is never sold is not there. Queries: 1."""
    kits = BundlePart.objects.filter(bundle__in=sku_ids).order_by().values("bundle")
    sold = Q(part__is_active=True, part__is_gift_only=False, part__product__status="on_sale")
    spans = kits.annotate(
        is_sold=BoolAnd(ExpressionWrapper(sold, BooleanField())),
        starts_at=Max("part__product__on_shelf_at"),
        ends_at=Min("part__product__off_shelf_at"),
    )
    rows = spans.filter(is_sold=True).values_list("bundle", "starts_at", "ends_at")
    return {bundle: (starts_at, ends_at) for bundle, starts_at, ends_at in rows}


def unsold_parts(bundle: str, at: datetime) -> QuerySet[Any]:
    """Parts of the bundle in a column of the outer row that are not sold at an instant."""
    sold = Sku.objects.filter(offered_at(at), pk=OuterRef("part"))
    return BundlePart.objects.filter(~Exists(sold), bundle=OuterRef(bundle)).order_by()


def products_inside(bundle: str) -> ArraySubquery:
    """The products of the parts of the bundle in a column of the outer row; empty of others."""
    parts = BundlePart.objects.filter(bundle=OuterRef(bundle)).order_by()
    return ArraySubquery(parts.values("part__product_id"))


def _part_rows(at: datetime) -> QuerySet[Any]:
    row = JSONObject(
        sku_id=F("pk"),
        product_id=F("product_id"),
        code=F("code"),
        title_zh=F("product__title_zh"),
        title_en=F("product__title_en"),
        quantity=F("bundled_in__quantity"),
        words=chosen_words(),
        product_image=first_picture("product_id"),
        is_buyable=ExpressionWrapper(offered_at(at), BooleanField()),
        sold_prefixes=limits_of(),
        **PICTURE,
    )
    return Sku.objects.order_by("bundled_in__sort", "bundled_in__pk").annotate(row=row)


def _read(row: Mapping[str, Any]) -> PartFacts:
    own = {column: row[f"media__{column}"] for column in COLUMNS}
    return PartFacts(
        sku_id=row["sku_id"],
        product_id=row["product_id"],
        code=row["code"],
        title_zh=row["title_zh"],
        title_en=row["title_en"],
        quantity=row["quantity"],
        options=option_words(row["words"]),
        image=own if own["file"] else row["product_image"],
        is_buyable=row["is_buyable"],
        sold_prefixes=tuple(row["sold_prefixes"]),
    )
