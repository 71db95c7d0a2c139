"""New products of a batch, written set by set: what is plain about them is worked out in memory.

A record that is not plain (a word that is warned of, a required value that is missing, a price
below cost, ...) is left to `import_goods`, which knows every rule and says what is wrong.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from catalog.errors import AttributeNotValid
from catalog.events import ProductPublished
from catalog.importing import GoodsRecord, SkuRecord
from catalog.models import (
    AttributeDefinition,
    OptionValue,
    PriceHistory,
    Product,
    ProductApproval,
    ProductAttribute,
    ProductOption,
    PublishingPolicy,
    Sku,
)
from catalog.services.combining import OptionPlan, fill_sku, options_key
from catalog.services.importing.finding import find_definition
from catalog.services.importing.known import Known, Place
from catalog.services.importing.one import Arrival, plan_of
from catalog.services.indexing import index_products
from catalog.services.naming import name_new_options
from catalog.services.publishing import fitting_value
from catalog.services.screening_texts import Text, digest_of, screen_texts, texts_of
from catalog.services.shelving import mark_shelf
from mall.kernel import audit
from mall.kernel.db import append, appended_together
from mall.kernel.outbox import publish

Value = tuple[AttributeDefinition, str, str]


@dataclasses.dataclass(slots=True)
class Draft:
    """A product to be, with all that hangs on it."""

    record: GoodsRecord
    product: Product
    values: Sequence[Value]
    options: Sequence[OptionPlan]
    chosen: Sequence[Mapping[str, str]]
    digest: str = ""
    """Of its texts, where the shop has every new product approved (C-38)."""


def draft(record: GoodsRecord, known: Known, *, actor: Any) -> Draft | None:
    """The product a record describes; None when it is not plain. Raises: ShopError."""
    place = known.place(record.category)
    if not place.takes_goods or not all(_is_plain(sku, record, actor) for sku in record.skus):
        return None
    try:
        values = list(_values(record, place, known.at))
    except AttributeNotValid:
        return None
    options, chosen = name_new_options([sku.options for sku in record.skus])
    if len({options_key(choice) for choice in chosen}) < len(chosen):
        return None
    product = _product(record, place, known)
    made = Draft(record, product, values, options, chosen)
    if record.is_on_sale:
        texts = _texts(made)
        if not _may_be_sold(made, place, known) or screen_texts(texts, known.lexicon):
            return None
        product.status, product.version = Product.Status.ON_SALE, 2
        if known.policy.approval == PublishingPolicy.Approval.ALWAYS:
            product.version, made.digest = 3, digest_of(texts)
        product.listed_at = product.relisted_at = known.at
    return made


def _is_plain(sku: SkuRecord, record: GoodsRecord, actor: Any) -> bool:
    lowest_fen = 1 if record.is_on_sale else 0
    is_priced = lowest_fen <= sku.price_fen <= sku.list_price_fen
    return is_priced and (actor is None or sku.price_fen >= sku.cost_fen)


def _values(record: GoodsRecord, place: Place, at: datetime) -> Iterator[Value]:
    """The values of its attributes, the last one where two names mean the same."""
    found: dict[str, Value] = {}
    for row in record.attributes:
        definition = find_definition(place.category, place.schema, row.name, at)
        value_zh, value_en = fitting_value(definition, row.value_zh.strip(), row.value_en.strip())
        if value_zh:
            found[definition.code] = (definition, value_zh, value_en)
    yield from found.values()


def _product(record: GoodsRecord, place: Place, known: Known) -> Product:
    return Product(
        code=record.code,
        slug=slugify(record.title_en)[:80] or slugify(record.code)[:80],
        title_zh=record.title_zh,
        title_en=record.title_en,
        subtitle_zh=record.subtitle_zh,
        subtitle_en=record.subtitle_en,
        keywords=record.keywords,
        category=place.category,
        brand=known.brand(record.brand) if record.brand else None,
        freight_template=known.template(record.freight_template),
        version=1,
    )


def _may_be_sold(made: Draft, place: Place, known: Known) -> bool:
    """True when nothing but its words may speak against it; what does, `publish_product` says."""
    given = {definition.code for definition, _zh, _en in made.values}
    if not place.is_qualified or any(row.code not in given for row in place.required):
        return False
    always = known.policy.approval == PublishingPolicy.Approval.ALWAYS
    return not (always and known.policy.needs_second_person)


def _texts(made: Draft) -> list[Text]:
    return texts_of(
        made.product,
        [(definition.title_zh, zh, en) for definition, zh, en in made.values],
        [
            pair
            for option in made.options
            for pair in (
                (option.title_zh, option.title_en),
                *((value.title_zh, value.title_en) for value in option.values),
            )
        ],
    )


def write(drafts: Sequence[Draft], *, at: datetime, actor: Any) -> list[Arrival]:
    """Write new products with all that hangs on them. Queries: some 30, however many products."""
    Product.objects.bulk_create([made.product for made in drafts])
    ProductAttribute.objects.bulk_create(
        [
            ProductAttribute(product=made.product, definition=definition, value_zh=zh, value_en=en)
            for made in drafts
            for definition, zh, en in made.values
        ]
    )
    _write_options(drafts)
    ProductApproval.objects.bulk_create(_approvals(drafts, at, actor))
    skus = [_skus(made) for made in drafts]
    Sku.objects.bulk_create([sku for rows in skus for sku in rows])
    with appended_together():
        append(_prices(skus, at))
        append(entry for made in drafts for entry in _trail(made, at, actor))
        for made in drafts:
            if made.product.status == Product.Status.ON_SALE:
                publish(ProductPublished(product_id=made.product.pk, at=at))
    ids = [made.product.pk for made in drafts]
    mark_shelf(ids)
    index_products(ids)
    return [_arrival(made, rows) for made, rows in zip(drafts, skus, strict=True)]


def _approvals(drafts: Iterable[Draft], at: datetime, actor: Any) -> Iterator[ProductApproval]:
    """Who brings goods in answers for their texts, as in `publish_approved`."""
    for made in drafts:
        if made.digest:
            yield ProductApproval(
                product=made.product,
                status=ProductApproval.Status.APPROVED,
                digest=made.digest,
                maker=actor,
                asked_at=at,
                checker=actor,
                checked_at=at,
            )


def _write_options(drafts: Iterable[Draft]) -> None:
    plans = [
        (ProductOption(product=made.product, **_words(plan), sort=sort), plan.values)
        for made in drafts
        for sort, plan in enumerate(made.options)
    ]
    ProductOption.objects.bulk_create([option for option, _values in plans])
    OptionValue.objects.bulk_create(
        [
            OptionValue(option=option, **_words(value), sort=sort)
            for option, values in plans
            for sort, value in enumerate(values)
        ]
    )


def _words(plan: Any) -> dict[str, str]:
    return {"code": plan.code, "title_zh": plan.title_zh, "title_en": plan.title_en}


def _skus(made: Draft) -> list[Sku]:
    rows = []
    for sort, (record, options) in enumerate(zip(made.record.skus, made.chosen, strict=True)):
        plan = plan_of(record, dict(options), None)
        sku = Sku(product=made.product, code=plan.code, price_fen=plan.price_fen)
        sku.list_price_fen = record.list_price_fen
        fill_sku(sku, plan, sort)
        rows.append(sku)
    return rows


def _prices(skus: Iterable[Sequence[Sku]], at: datetime) -> Iterator[PriceHistory]:
    for rows in skus:
        for sku in rows:
            yield PriceHistory(
                sku=sku,
                price_fen=sku.price_fen,
                list_price_fen=sku.list_price_fen,
                is_offered=sku.product.status == Product.Status.ON_SALE,
                at=at,
            )


def _trail(made: Draft, at: datetime, actor: Any) -> Iterator[Any]:
    product = made.product
    names = ("brand", "freight_template", "title_en", "subtitle_zh", "subtitle_en", "keywords")
    said = [name for name in names if getattr(product, name)]
    after = {name: str(getattr(product, name)) for name in ("code", "title_zh", "category", *said)}
    yield audit.entry(actor=actor, verb="catalog.save_product", target=product, at=at, after=after)
    if product.status == Product.Status.ON_SALE:
        for verb, before, after in _steps(made):
            yield audit.entry(
                actor=actor, verb=verb, target=product, at=at, before=before, after=after
            )


def _steps(made: Draft) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """The verbs that lead a new product on sale, with what each changes."""
    status, approval = Product.Status, ProductApproval.Status
    begins = status.DRAFT
    if made.digest:
        begins = status.PENDING
        yield "catalog.submit_product", {"status": status.DRAFT}, {"status": begins}
        answer = {"approval": approval.APPROVED, "reason": ""}
        yield "catalog.approve_product", {"approval": approval.WAITING}, answer
    yield "catalog.publish_product", {"status": begins}, {"status": status.ON_SALE}


def _arrival(made: Draft, skus: Sequence[Sku]) -> Arrival:
    said = {row.code: row.stock for row in made.record.skus if row.stock is not None}
    return Arrival(
        product_id=made.product.pk,
        outcome="created",
        skus_made=len(skus),
        skus_changed=0,
        attributes_changed=len(made.values),
        stock={sku.pk: said[sku.code] for sku in skus if sku.code in said},
    )
