"""One product of a file: made, changed or left as it is. Source: C-50, docs/imports.md."""

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.importing import AttributeRecord, GoodsRecord, Problem, SkuRecord
from catalog.models import OptionValue, PriceChange, Product, Sku
from catalog.services.approving import publish_approved
from catalog.services.checking import attribute_schema
from catalog.services.combining import SkuPlan, save_skus
from catalog.services.importing.finding import (
    LOCK,
    STANDARD,
    find_definition,
    find_template,
    import_brand,
    import_category,
)
from catalog.services.indexing import indexed_once
from catalog.services.naming import settle_options
from catalog.services.outdating import outdated_once
from catalog.services.publishing import (
    ProductValues,
    fitting_value,
    judge_words,
    save_product,
    set_attributes,
)
from mall.kernel.db import advisory_lock
from mall.kernel.errors import ShopError

SKU_COLUMNS = (
    "price_fen",
    "list_price_fen",
    "cost_fen",
    "weight_grams",
    "volume_cm3",
    "barcode",
    "options",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Arrival:
    """What came of one record. ``stock`` is what the file says, SKU id -> pieces."""

    product_id: int
    outcome: str
    skus_made: int
    skus_changed: int
    attributes_changed: int
    stock: dict[int, int]
    problems: tuple[Problem, ...] = ()


@transaction.atomic
def import_goods(record: GoodsRecord, *, at: datetime, actor: Any = None) -> Arrival:
    """Make or update one product by its code, with attributes, options and SKUs.

    What the record does not name stays. A product on sale in the file goes on sale here when it is
    new or a draft; an import never takes anything off sale. Raises: ShopError, and then nothing of
    the record is kept. Locks: one import at a time; then the product.
    """
    advisory_lock(LOCK)
    with indexed_once(), outdated_once(at):
        return _import_goods(record, at, actor)


def _import_goods(record: GoodsRecord, at: datetime, actor: Any) -> Arrival:
    product = Product.objects.filter(code=record.code).first()
    is_new = product is None
    product, changed = _save_words(record, product, at, actor)
    attributes = _save_attributes(product, record.attributes, at, actor)
    made, repriced = _save_skus(product, record.skus, at, actor)
    problems = (*_waiting_prices(record), *_publish(product, record, at, actor))
    anything = changed or attributes or made or repriced
    codes = {sku.code: sku.stock for sku in record.skus if sku.stock is not None}
    ids = Sku.objects.filter(code__in=codes).values_list("pk", "code")
    return Arrival(
        product_id=product.pk,
        outcome="created" if is_new else "updated" if anything else "unchanged",
        skus_made=made,
        skus_changed=repriced,
        attributes_changed=attributes,
        stock={pk: codes[code] for pk, code in ids},
        problems=problems,
    )


def _save_words(
    record: GoodsRecord, product: Product | None, at: datetime, actor: Any
) -> tuple[Product, bool]:
    """The product with the record's words; empty ones leave what is there."""
    values: ProductValues = {
        "code": record.code,
        "title_zh": record.title_zh,
        "category": import_category(record.category)[0],
    }
    if record.brand is not None:
        values["brand"] = import_brand(record.brand)[0]
    if product is None or record.freight_template != STANDARD:
        values["freight_template"] = find_template(record.freight_template)
    for name in ("title_en", "subtitle_zh", "subtitle_en", "keywords"):
        text = getattr(record, name)
        if text:
            values[name] = text
    if product is not None and all(getattr(product, name) == item for name, item in values.items()):
        return product, False
    return save_product(product=product, values=values, at=at, actor=actor), True


def _save_attributes(
    product: Product, records: Iterable[AttributeRecord], at: datetime, actor: Any
) -> int:
    """Give the product the record's values beside those it has; returns how many changed."""
    schema = attribute_schema(product.category)
    rows = product.attribute_values.select_related("definition")
    values = {row.definition.code: (row.value_zh, row.value_en) for row in rows}
    changed = 0
    for record in records:
        definition = find_definition(product.category, schema, record.name, at)
        value = fitting_value(definition, record.value_zh, record.value_en)
        if values.get(definition.code, ("",))[0] != value[0]:
            values[definition.code] = value
            changed += 1
    if changed:
        set_attributes(product=product, values=values, at=at, actor=actor)
    return changed


def _save_skus(
    product: Product, records: tuple[SkuRecord, ...], at: datetime, actor: Any
) -> tuple[int, int]:
    """Make or change SKUs by code; returns how many were made and how many changed.

    Only a value that is new (an axis never comes without one) is a new word: a price is none.
    """
    words = OptionValue.objects.filter(option__product=product)
    words_before = words.count()
    chosen = settle_options(product, [record.options for record in records])
    there = {sku.code: sku for sku in product.skus.select_related("media")}
    plans = [
        plan_of(record, options, there.get(record.code))
        for record, options in zip(records, chosen, strict=True)
    ]
    made = [plan for plan in plans if plan.code not in there]
    changed = [plan for plan in plans if plan.code in there and sku_differs(plan, there[plan.code])]
    if made or changed:
        save_skus(product=product, skus=plans, at=at, actor=actor, reason=_("imported"))
    if words.count() > words_before:
        judge_words(product.pk, at, actor)
    return len(made), len(changed)


def _waiting_prices(record: GoodsRecord) -> Iterator[Problem]:
    """Prices of the record that are too far from those there to hold without a second person."""
    skus = {sku.code: sku for sku in record.skus}
    rows = PriceChange.objects.waiting().filter(sku__code__in=skus)
    for code, price_fen in rows.values_list("sku__code", "price_fen"):
        if price_fen == skus[code].price_fen:
            yield Problem(skus[code].place, "price", _("waits for a second person"))


def plan_of(record: SkuRecord, options: dict[str, str], sku: Sku | None) -> SkuPlan:
    """What a record asks of a SKU; what it leaves out stays as it is. Queries: 0."""
    return SkuPlan(
        code=record.code,
        price_fen=record.price_fen,
        list_price_fen=record.list_price_fen,
        options=options,
        barcode=record.barcode or (sku.barcode if sku else ""),
        cost_fen=record.cost_fen or (sku.cost_fen if sku else 0),
        weight_grams=record.weight_grams or (sku.weight_grams if sku else 0),
        volume_cm3=record.volume_cm3 or (sku.volume_cm3 if sku else 0),
        media=sku.media if sku else None,
        is_active=sku.is_active if sku else True,
        is_gift_only=sku.is_gift_only if sku else False,
    )


def sku_differs(plan: SkuPlan, sku: Sku) -> bool:
    """True when a column of the SKU is not as the plan wants it. Queries: 0."""
    return any(getattr(plan, name) != getattr(sku, name) for name in SKU_COLUMNS)


def _publish(
    product: Product, record: GoodsRecord, at: datetime, actor: Any
) -> tuple[Problem, ...]:
    if not record.is_on_sale:
        return ()
    product.refresh_from_db(fields=["status"])
    if product.status not in (Product.Status.DRAFT, Product.Status.PENDING):
        return ()
    try:
        product = publish_approved(
            product=product, at=at, actor=actor, needs_picture=False, checks_gradient=False
        )
    except ShopError as refusal:
        return (Problem(record.place, "status", str(refusal)),)
    if product.status == Product.Status.PENDING:
        return (Problem(record.place, "status", _("waits for a second person")),)
    return ()
