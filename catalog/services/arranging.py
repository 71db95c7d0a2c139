"""The category tree and brands: levels, paths, and the rule where goods may hang. Source: C-01."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from catalog.errors import CategoryMisplaced, CategoryNotLeaf
from catalog.models import HEAD_WORDS, AttributeDefinition, Brand, Category, Product
from catalog.services.indexing import index_products
from catalog.services.screening_texts import Text, check_texts, new_texts, screen_texts
from catalog.shared import SHELF, category_tag
from mall.kernel.caching import changed
from mall.kernel.words import label_of

DEEPEST = 3
TITLES = ("title_zh", "title_en")
STORIES = ("story_zh", "story_en")


def check_bindable(category: Category) -> None:
    """Raises: CategoryNotLeaf unless goods may hang on the category. Queries: 1."""
    if category.level < 2 or category.children.exists():
        raise CategoryNotLeaf(title=category.title_zh)


@transaction.atomic
def save_category(category: Category) -> Category:
    """Store a category, with its level and path and those of everything below it.

    Raises: CategoryMisplaced when it would hang under itself, too deep, or under one with goods;
    TextsRefused when its name, or what it says to search engines, is newly forbidden.
    """
    before = Category.objects.filter(pk=category.pk).first() if category.pk else None
    _check_words(category, before, (*TITLES, *HEAD_WORDS))
    parent = category.parent
    if parent is not None:
        check_parent(category, parent)
    category.level = parent.level + 1 if parent else 1
    if category.pk is None:
        category.save()
    category.path_ids = [*(parent.path_ids if parent else []), category.pk]
    category.save()
    _move_children([category])
    changed(category_tag(category.pk))
    if before is not None and _is_found_differently(before, category):
        goods = Product.objects.filter(category__path_ids__contains=[category.pk])
        index_products(goods.values_list("pk", flat=True))
    return category


def _is_found_differently(before: Category, after: Category) -> bool:
    names = (*TITLES, "parent_id")
    return any(getattr(before, name) != getattr(after, name) for name in names)


def check_parent(category: Category, parent: Category) -> None:
    """Raises: CategoryMisplaced unless the category may hang below ``parent``. Queries: 2."""
    below = Category.objects.filter(path_ids__contains=[category.pk])
    levels = [row.level for row in below] if category.pk else []
    height = max(levels) - min(levels) if levels else 0
    misplaced = (
        parent.level + 1 + height > DEEPEST
        or (category.pk is not None and category.pk in parent.path_ids)
        or (parent.level > 1 and parent.products.exists())
    )
    if misplaced:
        raise CategoryMisplaced(title=category.title_zh)


def _move_children(parents: Iterable[Category]) -> None:
    by_id = {parent.pk: parent for parent in parents}
    children = list(Category.objects.filter(parent_id__in=by_id))
    for child in children:
        parent = by_id[child.parent_id or 0]
        child.level, child.path_ids = parent.level + 1, [*parent.path_ids, child.pk]
    if children:
        Category.objects.bulk_update(children, ["level", "path_ids"])
        _move_children(children)


@transaction.atomic
def save_brand(brand: Brand) -> Brand:
    """Store a brand; its goods are found by the new name from now on. Raises: TextsRefused."""
    before = Brand.objects.filter(pk=brand.pk).first() if brand.pk else None
    _check_words(brand, before, (*TITLES, *STORIES, *HEAD_WORDS))
    brand.save()
    changed(SHELF)
    index_products(Product.objects.filter(brand=brand).values_list("pk", flat=True))
    return brand


def _check_words(
    row: Brand | Category, before: Brand | Category | None, names: Iterable[str]
) -> None:
    """Raises: TextsRefused for words that are new; a word forbidden afterwards does not keep
    anybody from sorting what is there. Queries: 2, none while nothing is written."""
    check_texts(row.title_zh, screen_texts(new_texts(row, before, names, titles=TITLES)))


def check_attribute_words(words: Mapping[str, str]) -> None:
    """Raises: TextsRefused for a name or unit of an attribute (column -> text) that blocks; as in
    its values a superlative only warns: 最大功率 is a name. Queries: 2, none without words."""
    labels = AttributeDefinition()
    texts = [Text(label_of(labels, name), text) for name, text in words.items()]
    check_texts(next(iter(words.values()), ""), screen_texts(texts))


def ensure_category(*, slug: str, parent: Category | None = None, **values: Any) -> Category:
    """The category of that address, made below ``parent`` when it is not there."""
    found = Category.objects.filter(slug=slug).first()
    if found is not None:
        return found
    return save_category(Category(slug=slug, parent=parent, level=1, **values))
