"""What a product must have before shoppers may see it. Source: requirements C-01, C-02, C-04."""

from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.errors import ProductNotReady
from catalog.models import AttributeDefinition, Category, Product

WEIGHED = Q(product__freight_template__step_fee_fen__gt=0)
"""Freight grows with the weight: without one, a parcel would cost as little as a letter."""


def check_ready(product: Product, *, needs_picture: bool = True) -> None:
    """Raises: ProductNotReady, with what is missing in words. Queries: 6."""
    missing = missing_for_sale(product, needs_picture=needs_picture)
    if missing:
        raise ProductNotReady(title=product.title_zh, missing=_(", ").join(missing))


def check_still_ready(product: Product) -> None:
    """The same for one on sale that changed; goods taken over without pictures and weights may stay
    so."""
    check_ready(product, needs_picture=False)


def missing_for_sale(product: Product, *, needs_picture: bool = True) -> list[str]:
    """What a product still lacks before shoppers may see it, in words; without ``needs_picture`` it
    was taken over from another mall, which knew no weights either (I-24). Queries: 6."""
    skus = product.skus.filter(is_active=True)
    missing = []
    if product.category.level < 2 or product.category.children.exists():
        missing.append(_("a category at the end of the tree"))
    if not skus.exists() or skus.filter(price_fen=0).exists():
        missing.append(_("a price for every SKU offered"))
    if needs_picture and skus.filter(WEIGHED, weight_grams=0).exists():
        missing.append(_("a weight for every SKU offered"))
    if needs_picture and not product.gallery.exists():
        missing.append(_("a picture"))
    given = set(product.attribute_values.values_list("definition__code", flat=True))
    for code, definition in attribute_schema(product.category).items():
        if definition.is_required and code not in given:
            missing.append(definition.title_zh)
    return missing


def attribute_schema(category: Category) -> dict[str, AttributeDefinition]:
    """The attributes of a category's goods by code; the nearest definition wins. Queries: 1."""
    definitions = AttributeDefinition.objects.filter(category_id__in=category.path_ids)
    ordered = sorted(
        definitions, key=lambda row: (category.path_ids.index(row.category_id), row.sort, row.pk)
    )
    return {definition.code: definition for definition in ordered}
