"""Goods of a batch that are in the shop already just as the file says them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Prefetch

from catalog.errors import AttributeNotValid
from catalog.importing import GoodsRecord
from catalog.models import OptionValue, Product, ProductAttribute, ProductOption, Sku
from catalog.services.importing.finding import STANDARD
from catalog.services.importing.known import Known
from catalog.services.importing.one import Arrival, plan_of, sku_differs
from catalog.services.publishing import fitting_value
from mall.kernel.errors import ShopError

UNSETTLED = (Product.Status.DRAFT, Product.Status.PENDING)


def products_of(records: Sequence[GoodsRecord]) -> Mapping[str, Product]:
    """The products of these records that are there, by code, with all a file can say of them.

    Queries: 5, however many.
    """
    rows = Product.objects.filter(code__in=[record.code for record in records])
    whole = rows.defer("search").prefetch_related(
        Prefetch("attribute_values", ProductAttribute.objects.select_related("definition")),
        Prefetch("options", ProductOption.objects.prefetch_related("values")),
        "skus",
    )
    return {product.code: product for product in whole}


def unchanged(record: GoodsRecord, product: Product, known: Known) -> Arrival | None:
    """What came of a record that changes nothing; None when it does, or may."""
    if record.is_on_sale and product.status in UNSETTLED:
        return None
    try:
        is_same = _same_words(record, product, known) and _same_values(record, product)
    except ShopError:
        return None
    skus = _same_skus(record, product) if is_same else None
    if skus is None:
        return None
    pieces = {sku.code: sku.stock for sku in record.skus if sku.stock is not None}
    return Arrival(
        product_id=product.pk,
        outcome="unchanged",
        skus_made=0,
        skus_changed=0,
        attributes_changed=0,
        stock={sku.pk: pieces[sku.code] for sku in skus if sku.code in pieces},
    )


def _same_words(record: GoodsRecord, product: Product, known: Known) -> bool:
    texts = ("title_en", "subtitle_zh", "subtitle_en", "keywords")
    named = [name for name in texts if getattr(record, name)]
    return (
        all(getattr(product, name) == getattr(record, name) for name in ("title_zh", *named))
        and product.category_id == known.place(record.category).category.pk
        and (record.brand is None or product.brand_id == known.brand(record.brand).pk)
        and (
            record.freight_template == STANDARD
            or product.freight_template_id == known.template(record.freight_template).pk
        )
    )


def _same_values(record: GoodsRecord, product: Product) -> bool:
    rows = {}
    for value in product.attribute_values.all():
        definition = value.definition
        for name in (definition.code, definition.title_zh, definition.title_en):
            rows[name] = value
    for attribute in record.attributes:
        row = rows.get(attribute.name)
        if row is None:
            return False
        try:
            wanted = fitting_value(row.definition, attribute.value_zh, attribute.value_en)
        except AttributeNotValid:
            return False
        if wanted[0] != row.value_zh:
            return False
    return True


def _same_skus(record: GoodsRecord, product: Product) -> list[Sku] | None:
    there = {sku.code: sku for sku in product.skus.all()}
    axes: dict[str, ProductOption] = {}
    values: dict[int, dict[str, OptionValue]] = defaultdict(dict)
    for option in product.options.all():
        for name in (option.code, option.title_en, option.title_zh):
            axes[name] = option
        for value in option.values.all():
            for name in (value.code, value.title_en, value.title_zh):
                values[option.pk][name] = value
    found = []
    for row in record.skus:
        sku = there.get(row.code)
        if sku is None or any(
            axis not in axes or name not in values[axes[axis].pk] for axis, name in row.options
        ):
            return None
        options = {axes[axis].code: values[axes[axis].pk][name].code for axis, name in row.options}
        if sku_differs(plan_of(row, options, sku), sku):
            return None
        found.append(sku)
    return found
