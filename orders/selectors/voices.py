"""What shoppers read of buyers: reviews, buyer shows, questions with answers. Source: C-56, C-57,
C-62.

Rows are for ``orders.presenting``; only what is shown is ever there.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from catalog.models import Product
from orders.models import Answer, ProductBuyer, Question, Review, ReviewLike, ReviewPicture

AHEAD = timedelta(days=36_500)
"""Featured reviews stand before all others, the newest first among them."""
PICTURES, ADDED = "pictures", "appended"
"""What reviews can be narrowed to, beside their stars."""
MOST_FAQ = 10
FIRST = ("-first_at", "-pk")
BEST = ("-is_featured", "-written_at", "-pk")
SHOWS, MOST_ON_PAGE = "shows", 24
"""The kind of block that shows what buyers show, and how much of it is looked at for each."""


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many shown reviews there are of each kind; ``stars`` from 5 to 1."""

    stars: dict[int, int]
    pictures: int
    appended: int

    @property
    def all(self) -> int:
        return sum(self.stars.values())


def reviews_of(product_id: int, *, rating: int | None = None, only: str = "") -> QuerySet[Review]:
    """The shown reviews of a product, featured ones first, then the newest; the reader pages them.

    Queries: 2 a page, however many reviews.
    """
    rows = _rows().filter(product_id=product_id)
    if rating is not None:
        rows = rows.filter(rating=rating)
    if only == PICTURES:
        rows = rows.filter(has_media=True)
    elif only == ADDED:
        rows = rows.filter(append__is_shown=True)
    return rows.order_by(*FIRST)


def buyer_shows(
    *, at: datetime, product_ids: Collection[int] | None = None, limit: int | None = None
) -> QuerySet[Review]:
    """Shown reviews with pictures of goods on the shelf, featured ones first: of the shop, or of
    these products (for blocks and topics). Queries: 2."""
    rows = _rows().filter(has_media=True, product__in=Product.objects.on_shelf(at))
    rows = rows.select_related("member", "line", "append", "product")
    if product_ids is not None:
        rows = rows.filter(product__pk__in=product_ids)
    rows = rows.order_by(*BEST) if limit else rows.order_by(*FIRST)
    return rows[:limit] if limit else rows


def shows_on(blocks: Iterable[Mapping[str, Any]], at: datetime) -> list[Review]:
    """The buyer shows that the blocks of a page may show, featured ones first: enough for each, of
    the whole shop or of the goods that it names. Queries: 2, none without such a block."""
    asked = {tuple(one["settings"]["products"]) for one in blocks if one["kind"] == SHOWS}
    if not asked:
        return []
    first, *others = [
        buyer_shows(at=at, product_ids=named or None, limit=MOST_ON_PAGE).values("pk")
        for named in sorted(asked)
    ]
    found = _rows().filter(pk__in=first.union(*others, all=True)).select_related("product")
    return list(found.order_by(*BEST))


def review_counts(product_id: int) -> ReviewCounts:
    """How many shown reviews of each kind a product has. Queries: 1."""
    shown = Review.objects.filter(product_id=product_id, is_shown=True)
    found = shown.aggregate(
        pictures=Count("pk", Q(has_media=True)),
        appended=Count("pk", Q(append__is_shown=True)),
        **{f"stars_{stars}": Count("pk", Q(rating=stars)) for stars in (5, 4, 3, 2, 1)},
    )
    stars = {stars: found[f"stars_{stars}"] for stars in (5, 4, 3, 2, 1)}
    return ReviewCounts(stars, found["pictures"], found["appended"])


def liked_ids(member_id: int, review_ids: Collection[int]) -> set[int]:
    """Which of these reviews a member likes. Queries: 1."""
    likes = ReviewLike.objects.filter(member_id=member_id, review_id__in=review_ids)
    return set(likes.values_list("review_id", flat=True))


def questions_of(product_id: int, is_faq: bool | None = None) -> QuerySet[Question]:
    """The shown questions of a product with their answers, the newest first; only those of its FAQ
    or only the others when asked. Queries: 2 a page."""
    rows = _questions(product_id).order_by("-asked_at", "-pk")
    return rows if is_faq is None else rows.filter(is_faq=is_faq)


def asked_about(product_id: int, count: int) -> QuerySet[Question]:
    """The questions of a product's page: those of the FAQ, then the newest. Queries: 2."""
    return _questions(product_id).order_by("-is_faq", "-asked_at", "-pk")[:count]


def may_answer(member_id: int, product_id: int) -> bool:
    """Whether a member has the goods and may answer questions about them. Queries: 1."""
    pairs = ProductBuyer.objects.filter(product_id=product_id, member_id=member_id)
    return pairs.filter(is_counted=True).exists()


def _questions(product_id: int) -> QuerySet[Question]:
    answers = Answer.objects.filter(is_shown=True).select_related("member").order_by("pk")
    shown = Question.objects.filter(product_id=product_id, is_shown=True)
    return shown.select_related("member").prefetch_related(Prefetch("answers", answers))


def _rows() -> QuerySet[Review]:
    pictures = ReviewPicture.objects.filter(is_shown=True).select_related(
        "upload__media", "upload__video__poster"
    )
    ahead = Case(When(is_featured=True, then=Value(AHEAD)), default=Value(timedelta()))
    first_at = ExpressionWrapper(F("written_at") + ahead, output_field=DateTimeField())
    return (
        Review.objects.filter(is_shown=True)
        .annotate(first_at=first_at)
        .select_related("member", "line", "append")
        .prefetch_related(Prefetch("pictures", pictures))
    )
