"""Products: written, put on sale, taken off. Source: requirements C-01, C-02, C-04."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from catalog.errors import AttributeNotValid
from catalog.events import ProductPublished, ProductTakenOff
from catalog.models import (
    AttributeDefinition,
    Brand,
    Category,
    FreightTemplate,
    Media,
    Product,
    ProductAttribute,
    ProductMedia,
    Shop,
    Video,
)
from catalog.services.arranging import check_bindable
from catalog.services.checking import attribute_schema, check_ready, check_still_ready
from catalog.services.detailing import check_blocks
from catalog.services.gating import check_gradient, check_no_complaint
from catalog.services.grading import grade_products
from catalog.services.indexing import index_products
from catalog.services.pricing import note_offering
from catalog.services.qualifying import check_qualified
from catalog.services.screening_texts import check_texts
from catalog.services.shelving import mark_offering, mark_shelf
from catalog.services.submitting import Texts, judge_texts, needs_person, open_approval
from mall.kernel import audit
from mall.kernel.outbox import publish

SHELF_COLUMNS = ("listed_at", "relisted_at", "off_shelf_at")


class ProductValues(TypedDict, total=False):
    """The columns of a product that an operator writes."""

    code: str
    slug: str
    title_zh: str
    title_en: str
    subtitle_zh: str
    subtitle_en: str
    category: Category
    brand: Brand | None
    freight_template: FreightTemplate
    shop: Shop
    keywords: str
    edition: str
    partner_zh: str
    partner_en: str
    total_limit: int | None
    member_limit: int | None
    blocks: list[dict[str, Any]]
    main_video: Video | None
    meta_keywords_zh: str
    meta_keywords_en: str
    meta_description_zh: str
    meta_description_en: str


@transaction.atomic
def save_product(
    *,
    product: Product | None = None,
    values: ProductValues,
    attributes: Mapping[str, tuple[str, str]] | None = None,
    pictures: Sequence[Media] | None = None,
    at: datetime,
    actor: Any = None,
) -> Product:
    """Make a product (a draft), or change one; a change of one on sale shows at once.

    ``attributes`` (code -> Chinese, English) and ``pictures`` replace those there; None keeps them.
    One on sale whose new words ask for approval waits for it, unseen. Locks: the product. Raises:
    CategoryNotLeaf, BlocksNotValid; ProductNotReady, TextsRefused when one on sale lacks something
    or says what is forbidden.
    """
    if product is None:
        product = Product()
    elif product.pk:
        product = Product.objects.locked().get(pk=product.pk)
    before = {name: str(getattr(product, name, "")) for name in values if product.pk}
    for name, value in values.items():
        setattr(product, name, value)
    if "blocks" in values:
        product.blocks = check_blocks(values["blocks"])
    check_bindable(product.category)
    if not product.slug:
        product.slug = slugify(product.title_en)[:80] or slugify(product.code)[:80]
    product.version = product.version + 1 if product.pk else 1
    product.save()
    after = {name: str(value) for name, value in values.items()}
    audit.record(
        actor=actor, verb="catalog.save_product", target=product, at=at, before=before, after=after
    )
    if attributes is not None:
        _write_attributes(product, attributes)
    if pictures is not None:
        _write_gallery(product, pictures)
    _settle(product, at, actor)
    return product


@transaction.atomic
def set_attributes(
    *, product: Product, values: Mapping[str, tuple[str, str]], at: datetime, actor: Any = None
) -> None:
    """Give a product its attribute values: code -> (Chinese, English). Others of its schema go.

    Locks: the product. Raises: AttributeNotValid for a code or choice outside the category's
    schema; ProductNotReady, TextsRefused when it is on sale.
    """
    product = Product.objects.locked().get(pk=product.pk)
    _write_attributes(product, values)
    _settle(product, at, actor)


def _write_attributes(product: Product, values: Mapping[str, tuple[str, str]]) -> None:
    schema = attribute_schema(product.category)
    rows = []
    for code, (value_zh, value_en) in values.items():
        definition = schema.get(code)
        if definition is None:
            raise AttributeNotValid(attribute=code, value=value_zh)
        value_zh, value_en = fitting_value(definition, value_zh.strip(), value_en.strip())
        if value_zh:
            rows.append(
                ProductAttribute(
                    product=product, definition=definition, value_zh=value_zh, value_en=value_en
                )
            )
    ProductAttribute.objects.filter(product=product).delete()
    ProductAttribute.objects.bulk_create(rows)


@transaction.atomic
def set_gallery(*, product: Product, pictures: Sequence[Media]) -> None:
    """Show these pictures, the first one on the card."""
    _write_gallery(product, pictures)
    Product.objects.filter(pk=product.pk).update(version=F("version") + 1)
    grade_products([product.pk])


def _write_gallery(product: Product, pictures: Sequence[Media]) -> None:
    wanted = list({picture.pk: picture for picture in pictures}.values())
    ProductMedia.objects.filter(product=product).delete()
    ProductMedia.objects.bulk_create(
        [
            ProductMedia(product=product, media=picture, sort=sort)
            for sort, picture in enumerate(wanted)
        ]
    )


@transaction.atomic
def publish_product(
    *,
    product: Product,
    at: datetime,
    actor: Any = None,
    needs_picture: bool = True,
    checks_gradient: bool = True,
) -> Product:
    """Put a product on sale, or in the queue of those that a person has to let through first.

    Shoppers see it from its shelf time on; one that is over is forgotten (C-06). Nothing happens to
    one on sale. ``needs_picture=False`` is for goods taken over from another shop without theirs,
    and ``checks_gradient=False`` for goods whose stock is counted afterwards.
    Locks: the product. Raises: ProductNotReady, with what is missing; QualificationMissing,
    TextsRefused, PriceGradientRefused, ProductUnderComplaint. Emits: ProductPublished.
    """
    product = Product.objects.locked().get(pk=product.pk)
    if product.status == Product.Status.ON_SALE:
        return product
    check_no_complaint(product)
    check_ready(product, needs_picture=needs_picture)
    check_qualified(product, at)
    texts = judge_texts(product)
    check_texts(product.title_zh, texts.findings)
    if checks_gradient:
        check_gradient(product, at)
    if needs_person(product, texts):
        return _queue(product, texts, at, actor)
    move_product(product, Product.Status.ON_SALE, at, actor, verb="catalog.publish_product")
    if product.is_on_shelf(at):
        publish(ProductPublished(product_id=product.pk, at=at))
    return product


@transaction.atomic
def take_off_sale(*, product: Product, at: datetime, actor: Any = None) -> Product:
    """Hide a product from shoppers; orders keep their snapshots. Nothing happens to a hidden one.

    Locks: the product. Emits: ProductTakenOff.
    """
    product = Product.objects.locked().get(pk=product.pk)
    if product.status != Product.Status.ON_SALE:
        return product
    move_product(product, Product.Status.OFF_SALE, at, actor, verb="catalog.take_off_sale")
    publish(ProductTakenOff(product_id=product.pk, at=at))
    return product


def fitting_value(definition: AttributeDefinition, value_zh: str, value_en: str) -> tuple[str, str]:
    """The value as it is stored: a choice in both its words. Raises: AttributeNotValid."""
    if definition.kind == AttributeDefinition.Kind.CHOICE and value_zh:
        for choice in definition.choices:
            if value_zh in (choice.get("code"), choice.get("zh")):
                return choice["zh"], choice.get("en", "")
        raise AttributeNotValid(attribute=definition.title_zh, value=value_zh)
    if definition.kind == AttributeDefinition.Kind.NUMBER and value_zh:
        whole, _dot, decimals = value_zh.removeprefix("-").partition(".")
        if not (whole + decimals).isdecimal():
            raise AttributeNotValid(attribute=definition.title_zh, value=value_zh)
    return value_zh, value_en


def _settle(product: Product, at: datetime, actor: Any) -> None:
    """After a change: refuse what one on sale may not be, index it, renew its card."""
    if product.status == Product.Status.ON_SALE:
        check_still_ready(product)
        _judge_again(product, at, actor)
        mark_shelf([product.pk])
    index_products([product.pk])


def judge_words(product_id: int, at: datetime, actor: Any) -> None:
    """After the words of a product's options changed: the same as after its own texts.

    Locks: the product. Raises: TextsRefused when it is on sale. Queries: 1 when it is not.
    """
    product = Product.objects.locked().get(pk=product_id)
    if product.status == Product.Status.ON_SALE:
        _judge_again(product, at, actor)


def _judge_again(product: Product, at: datetime, actor: Any) -> None:
    """New words of one on sale: refused, or unseen until a person has let them through."""
    texts = judge_texts(product)
    check_texts(product.title_zh, texts.findings)
    if needs_person(product, texts):
        _queue(product, texts, at, actor)
        publish(ProductTakenOff(product_id=product.pk, at=at))


def _queue(product: Product, texts: Texts, at: datetime, actor: Any) -> Product:
    open_approval(product, texts, at=at, actor=actor)
    if product.status != Product.Status.PENDING:
        move_product(product, Product.Status.PENDING, at, actor, verb="catalog.submit_product")
    return product


def _list(product: Product, at: datetime) -> None:
    """It is shown from now, or from its shelf time: goods are new once, the first time (C-11)."""
    shown_at = max(at, product.on_shelf_at or at)
    if product.off_shelf_at is not None and product.off_shelf_at <= shown_at:
        product.off_shelf_at = None
    if product.listed_at is None or product.listed_at > at:
        product.listed_at = shown_at
    product.relisted_at = at


def move_product(product: Product, status: str, at: datetime, actor: Any, *, verb: str) -> None:
    """Write a product's status with all that hangs on it; the verbs that call it hold its lock."""
    before = {"status": product.status}
    product.status = status
    if status == Product.Status.ON_SALE:
        _list(product, at)
    product.version += 1
    product.save(update_fields=["status", "version", *SHELF_COLUMNS])
    audit.record(
        actor=actor, verb=verb, target=product, at=at, before=before, after={"status": status}
    )
    note_offering(product.pk, at)
    mark_offering(product.pk)
    index_products([product.pk])
