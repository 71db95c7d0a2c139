"""What goods of a file hang on: categories, brands, freight templates, attributes; found by address
or title, else made.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.errors import ImportRefused
from catalog.importing import BrandRecord, CategoryStep
from catalog.models import AttributeDefinition, Brand, Category, FreightTemplate
from catalog.services.arranging import check_attribute_words, save_brand, save_category
from catalog.services.naming import code_of
from catalog.services.outdating import outdate_listings
from mall.kernel.db import advisory_lock

STANDARD = "standard"
LOCK = "catalog.import"


@transaction.atomic
def import_category(steps: Iterable[CategoryStep]) -> tuple[Category, int]:
    """The category at the end of a path, and how many nodes of it had to be made.

    Raises: ImportRefused for an address alone that is not there. Locks: one import at a time.
    """
    advisory_lock(LOCK)
    parent, made = None, 0
    for step in steps:
        found = _category(step, parent)
        if found is None:
            if not step.title_zh:
                raise ImportRefused(field="category", value=step.slug)
            found = save_category(
                Category(
                    slug=step.slug or _free_slug(Category, step.title_zh, parent),
                    title_zh=step.title_zh,
                    title_en=step.title_zh,
                    parent=parent,
                    sort=step.sort,
                )
            )
            made += 1
        parent = found
    if parent is None:
        raise ImportRefused(field="category", value="-")
    return parent, made


@transaction.atomic
def import_brand(record: BrandRecord) -> tuple[Brand, bool]:
    """The brand of that address or title, made when it is not there; True when it was made.

    Locks: one import at a time.
    """
    advisory_lock(LOCK)
    by_slug = Brand.objects.filter(slug=record.slug) if record.slug else Brand.objects.none()
    found = by_slug.first() or Brand.objects.filter(title_zh=record.title_zh).first()
    if found is not None:
        return found, False
    brand = Brand(
        slug=record.slug or _free_slug(Brand, record.title_zh),
        title_zh=record.title_zh,
        title_en=record.title_zh,
        story_zh=record.story_zh,
    )
    return save_brand(brand), True


def _category(step: CategoryStep, parent: Category | None) -> Category | None:
    if step.slug:
        return Category.objects.filter(slug=step.slug).first()
    return Category.objects.filter(parent=parent, title_zh=step.title_zh).first()


def _free_slug(model: type[Category] | type[Brand], title: str, parent: Any = None) -> str:
    words = code_of(title, set())
    slug = f"{parent.slug[:20]}-{words}" if parent else words
    taken = set(model.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return code_of(slug, taken, longest=56)


def find_template(code: str) -> FreightTemplate:
    """The template of that code; the standard one is made when it is not there.

    Raises: ImportRefused. Queries: 1.
    """
    found = FreightTemplate.objects.filter(code=code).first()
    if found is None and code == STANDARD:
        found = FreightTemplate.objects.create(
            code=STANDARD, title_zh="标准运费", title_en="Standard freight"
        )
    if found is None:
        raise ImportRefused(field="freight_template", value=code)
    return found


def find_definition(
    category: Category, schema: dict[str, AttributeDefinition], name: str, at: datetime
) -> AttributeDefinition:
    """The attribute of that code or title; a text attribute is made where the category has none,
    and its other goods lack it from now on. Raises: TextsRefused for a new name that blocks."""
    for definition in schema.values():
        if name in (definition.code, definition.title_zh, definition.title_en):
            return definition
    check_attribute_words({"title_zh": name})
    code = code_of(name, set(schema))
    schema[code] = AttributeDefinition.objects.create(
        category=category, code=code, title_zh=name[:40], title_en=name[:60], sort=len(schema)
    )
    outdate_listings(category=category, at=at)
    return schema[code]
