"""What goods of a batch share, looked up once: categories, brands, policies, the lexicon."""

import dataclasses
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from catalog.errors import CategoryNotLeaf
from catalog.importing import BrandRecord, CategoryStep
from catalog.models import AttributeDefinition, Brand, Category, FreightTemplate, PublishingPolicy
from catalog.screening import Lexicon
from catalog.services.arranging import check_bindable
from catalog.services.checking import attribute_schema
from catalog.services.importing.finding import find_template, import_brand, import_category
from catalog.services.qualifying import missing_for_category
from catalog.services.screening_texts import current_lexicon
from catalog.services.submitting import publishing_policy

T = TypeVar("T")


@dataclasses.dataclass(slots=True)
class Place:
    """A category as goods of a batch see it."""

    category: Category
    schema: dict[str, AttributeDefinition]
    takes_goods: bool
    is_qualified: bool

    @property
    def required(self) -> Iterable[AttributeDefinition]:
        return (row for row in self.schema.values() if row.is_required)


class Known:
    """Look-ups of one batch. What was made in a savepoint that was undone: ``forget()``."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._found: dict[Any, Any] = {}

    def forget(self) -> None:
        """Nothing that was looked up can be relied on any more."""
        self._found.clear()

    def place(self, steps: tuple[CategoryStep, ...]) -> Place:
        """The category of a path, made where it is missing. Raises: ShopError."""
        return self._once(("place", steps), lambda: self._place(import_category(steps)[0]))

    def brand(self, record: BrandRecord) -> Brand:
        """The brand, made where it is missing."""
        return self._once(record, lambda: import_brand(record)[0])

    def template(self, code: str) -> FreightTemplate:
        """The freight template of that code. Raises: ImportRefused."""
        return self._once(("template", code), lambda: find_template(code))

    @cached_property
    def policy(self) -> PublishingPolicy:
        """What the shop asks for before a sale."""
        return publishing_policy()

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that texts are held against."""
        return current_lexicon()

    def _place(self, category: Category) -> Place:
        try:
            check_bindable(category)
        except CategoryNotLeaf:
            takes_goods = False
        else:
            takes_goods = True
        return Place(
            category,
            attribute_schema(category),
            takes_goods,
            not missing_for_category(category, self.at),
        )

    def _once(self, key: Any, find: Callable[[], T]) -> T:
        if key not in self._found:
            self._found[key] = find()
        found: T = self._found[key]
        return found
