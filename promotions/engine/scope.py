"""Which goods a rule is about: the whole shop, or some categories, brands, products, SKUs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """Goods named in any of the first four sets (all four empty: every good), less the excluded.

    A category stands for everything under it. Lines are matched by `Worktop.touching`.
    """

    category_ids: frozenset[int] = NONE
    brand_ids: frozenset[int] = NONE
    product_ids: frozenset[int] = NONE
    sku_ids: frozenset[int] = NONE
    excluded_category_ids: frozenset[int] = NONE
    excluded_product_ids: frozenset[int] = NONE

    @property
    def is_whole_shop(self) -> bool:
        """Nothing is named, so everything is meant (less what is excluded)."""
        return not (self.category_ids or self.brand_ids or self.product_ids or self.sku_ids)

    @classmethod
    def of(
        cls,
        *,
        categories: Iterable[int] = (),
        brands: Iterable[int] = (),
        products: Iterable[int] = (),
        skus: Iterable[int] = (),
        not_categories: Iterable[int] = (),
        not_products: Iterable[int] = (),
    ) -> Self:
        """Build a scope from any iterables of ids."""
        return cls(
            frozenset(categories),
            frozenset(brands),
            frozenset(products),
            frozenset(skus),
            frozenset(not_categories),
            frozenset(not_products),
        )


WHOLE_SHOP = Scope()
