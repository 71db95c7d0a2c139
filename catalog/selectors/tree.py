"""The category tree and brands, as shoppers see them."""

import dataclasses
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from catalog.models import HEAD_WORDS, AttributeDefinition, Brand, Category
from mall.kernel.db import Prepared
from mall.kernel.errors import NotFound

PICTURE = ("picture__file", "picture__widths")


@dataclasses.dataclass(slots=True)
class Branch:
    """A shown category and what is shown below it."""

    id: int
    slug: str
    title_zh: str
    title_en: str
    icon: str
    level: int
    path_ids: list[int]
    meta_keywords_zh: str = ""
    meta_keywords_en: str = ""
    meta_description_zh: str = ""
    meta_description_en: str = ""
    children: list["Branch"] = dataclasses.field(default_factory=list)

    @property
    def pk(self) -> int:
        """As a category says it."""
        return self.id


def category_tree() -> list[Branch]:
    """The shown categories, nested, in order; nothing is shown below a hidden one. Queries: 1."""
    branches: dict[int, Branch] = {}
    roots: list[Branch] = []
    for row in _rows():
        parent_id = row.pop("parent_id")
        drawn = _drawn(*(row.pop(name) for name in PICTURE))
        branch = Branch(**{**row, "icon": drawn or row["icon"]})
        if parent_id is None:
            roots.append(branch)
        elif parent_id in branches:
            branches[parent_id].children.append(branch)
        else:
            continue
        branches[branch.id] = branch
    return roots


@Prepared
def _rows() -> Any:
    columns = ("id", "slug", "title_zh", "title_en", "icon", "level", "path_ids", *HEAD_WORDS)
    rows = Category.objects.active().order_by("level", "sort", "pk")
    return rows.values(*columns, *PICTURE, "parent_id")


def _drawn(file: str | None, widths: list[int] | None) -> str:
    """The file of the narrowest version of a category's picture, as an icon's is named."""
    if not file or not widths:
        return file or ""
    stem, _dot, ending = file.rpartition(".")
    return f"{stem}-{min(widths)}.{ending}"


def branch_path(tree: Iterable[Branch], slug: str) -> list[Branch]:
    """The branches from the root down to the one with this address. Raises: NotFound."""
    for branch in tree:
        if branch.slug == slug:
            return [branch]
        if branch.children:
            with suppress(NotFound):
                return [branch, *branch_path(branch.children, slug)]
    raise NotFound


def category_by_slug(slug: str) -> Category:
    """A shown category by its address. Queries: 1. Raises: NotFound."""
    category = Category.objects.active().filter(slug=slug).first()
    if category is None:
        raise NotFound
    return category


def breadcrumbs(category: Category) -> list[Category]:
    """The category with its ancestors, root first. Queries: 1."""
    rows = {row.pk: row for row in Category.objects.filter(pk__in=category.path_ids)}
    return [rows[pk] for pk in category.path_ids if pk in rows]


def brands() -> list[Mapping[str, Any]]:
    """Brands with something on sale, by name. Queries: 1."""
    return list(
        Brand.objects.filter(is_active=True, products__status="on_sale")
        .distinct()
        .order_by("title_zh", "pk")
        .values("id", "slug", "title_zh", "title_en")
    )


def brand_by_slug(slug: str) -> Brand:
    """A shown brand by its address. Queries: 1. Raises: NotFound."""
    brand = Brand.objects.filter(is_active=True, slug=slug).select_related("logo").first()
    if brand is None:
        raise NotFound
    return brand


def searchable_attributes(category: Category | Branch) -> list[AttributeDefinition]:
    """The attributes by which the goods of a category can be filtered. Queries: 1."""
    path = category.path_ids
    rows = AttributeDefinition.objects.filter(category_id__in=path, is_searchable=True)
    return sorted(rows, key=lambda row: (path.index(row.category_id), row.sort, row.pk))
