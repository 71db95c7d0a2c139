"""What somebody likes, told by their favourites and by what they looked at: up to three
categories. Source: C-07, C-08."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from catalog.models import Category
from catalog.selectors.weighing import weights
from mall.kernel.errors import InvalidInput

TASTE_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Taste:
    """A category of level 2 that somebody likes: goods stand in it, or below it."""

    category_id: int
    slug: str
    title_zh: str
    title_en: str
    weight: float


def tastes_of(account_id: int, at: datetime, *, with_views: bool = False) -> list[Taste]:
    """What an account likes, most liked first; what it looked at is read ``with_views`` only.
    Queries: 2."""
    rows = weights(at, account_id=account_id, silent=() if with_views else None)
    known = Category.objects.in_bulk([row.category_id for row in rows])
    return [
        Taste(pk, known[pk].slug, known[pk].title_zh, known[pk].title_en, weight)
        for _account, pk, weight in rows
        if pk in known
    ]


def accounts_liking(slug: str, at: datetime, *, silent: Collection[int] | None = None) -> set[int]:
    """The accounts that like this category of level 2, or one below this of level 1.

    What was looked at counts for all but the ``silent`` accounts, without them for nobody.
    Queries: 3. Raises: InvalidInput where there is none: nobody is known to like it, or not to.
    """
    top = Category.objects.filter(slug=slug, level__lte=TASTE_LEVEL).values_list("pk", flat=True)
    above = list(top)
    if not above:
        raise InvalidInput(
            field=_("address of a category"),
            allowed=_("that of a category of the first or the second level"),
        )
    liked = set(Category.objects.filter(path_ids__overlap=above).values_list("pk", flat=True))
    return {row.account_id for row in weights(at, liked=liked, silent=silent)}
