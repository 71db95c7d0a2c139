"""What campaigns and coupons cover: ids that exist, words for shoppers, products to refresh."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.models import Brand, Category, Product
from mall.kernel.errors import InvalidInput
from promotions.models import Scoped, ScopeKind

NAMED = 3
COVERED: dict[str, Any] = {
    ScopeKind.CATEGORY: Category,
    ScopeKind.BRAND: Brand,
    ScopeKind.PRODUCTS: Product,
}


def set_scope(row: Scoped) -> None:
    """Check the scope of an unsaved row and give it words where the operator wrote none.

    Queries: 0 for the whole shop, else 1. Raises: InvalidInput.
    """
    if row.scope_kind == ScopeKind.SHOP:
        row.scope_ids = []
        return
    row.scope_ids = sorted(set(row.scope_ids))
    found = list(COVERED[row.scope_kind].objects.filter(pk__in=row.scope_ids).order_by("pk"))
    if not found or len(found) != len(row.scope_ids):
        raise InvalidInput(field="scope_ids", allowed=_("ids of existing things"))
    row.scope_text_zh = row.scope_text_zh or _listed(
        [thing.title_zh for thing in found], "、", "等"
    )
    english = [thing.title_en or thing.title_zh for thing in found]
    row.scope_text_en = row.scope_text_en or _listed(english, ", ", " ...")


def products_in(row: Scoped) -> list[int]:
    """Products on sale that the scope covers: their cards change with it. Queries: 1."""
    products = Product.objects.on_sale()
    if row.scope_kind == ScopeKind.CATEGORY:
        products = products.filter(category__path_ids__overlap=row.scope_ids)
    elif row.scope_kind == ScopeKind.BRAND:
        products = products.filter(brand__in=row.scope_ids)
    elif row.scope_kind == ScopeKind.PRODUCTS:
        products = products.filter(pk__in=row.scope_ids)
    return list(products.values_list("pk", flat=True))


def _listed(titles: Sequence[str], comma: str, more: str) -> str:
    text = comma.join(titles[:NAMED]) + (more if len(titles) > NAMED else "")
    return text[: 60 if comma == "、" else 90]
