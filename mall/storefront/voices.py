"""What buyers say, as pages show it: reviews, buyer shows, questions. Source: C-56, C-57, C-62."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import presenting
from catalog.selectors import cards_of
from mall.storefront.links import here
from members.models import Member
from orders.models import Review
from orders.presenting import question_dict, review_dict
from orders.selectors import (
    ADDED,
    MOST_FAQ,
    PICTURES,
    Beside,
    ReviewCounts,
    liked_ids,
    may_answer,
)

ON_PRODUCT, SHOWS, QUESTIONS = 4, 6, 3
MOST_QUESTIONS = MOST_FAQ + QUESTIONS
STARS = ("5", "4", "3", "2", "1")

Shape = dict[str, Any]


def product_voices(said: Beside) -> Shape:
    """The first reviews of a product page, the pictures of its buyers, its FAQ with the latest
    questions."""
    rows = [question_dict(row) for row in said.questions]
    latest = [row for row in rows if not row["is_faq"]]
    return {
        "reviews": shown(said.reviews),
        "shows": shown(said.shows),
        "asked": {"faq": [row for row in rows if row["is_faq"]], "questions": latest[:QUESTIONS]},
    }


def shown(rows: Iterable[Review], liked: Collection[int] = ()) -> list[Shape]:
    """Reviews as templates draw them, each with the id of its anchor and whether it is liked."""
    return [{**review_dict(row), "is_liked": row.pk in liked} for row in rows]


def review_filter(params: Mapping[str, str]) -> tuple[int | None, str]:
    """(stars, kind) of an address; what is neither narrows nothing."""
    stars, only = params.get("stars", ""), params.get("only", "")
    return (int(stars) if stars in STARS else None), only if only in (PICTURES, ADDED) else ""


def review_chips(request: HttpRequest, counts: ReviewCounts) -> list[Shape]:
    """What reviews can be narrowed to, with counts; what would find nothing is not offered."""
    stars, only = review_filter(request.GET)
    rows = [
        (_("All"), None, "", counts.all),
        (_("With pictures"), None, PICTURES, counts.pictures),
        (_("With additions"), None, ADDED, counts.appended),
        *[(f"{n} ★", n, "", counts.stars[n]) for n in (5, 4, 3, 2, 1)],
    ]
    return [
        {
            "label": label,
            "count": count,
            "is_on": (stars, only) == (of_stars, kind),
            "url": here(
                request, page=None, stars=str(of_stars) if of_stars else None, only=kind or None
            ),
        }
        for label, of_stars, kind, count in rows
        if count or (of_stars, kind) == (None, "")
    ]


def with_products(reviews: list[Shape], at: datetime) -> list[Shape]:
    """Shows of the whole shop, each with its product's card. Queries: 1, none for no shows."""
    wanted = {review["product_id"] for review in reviews}
    cards = cards_of(wanted, at=at) if wanted else {}
    return [{**row, "product": presenting.card(cards[row["product_id"]])} for row in reviews]


def likes_of(member: Member | None, rows: Collection[Review]) -> set[int]:
    """Which of these the visitor likes. Queries: 1 for a member."""
    return liked_ids(member.pk, [row.pk for row in rows]) if member else set()


def can_answer(member: Member | None, product_id: int) -> bool:
    """Whether the visitor has the goods. Queries: 1 for a member."""
    return member is not None and may_answer(member.pk, product_id)


def product_crumbs(product: Mapping[str, Any], label: str) -> list[Shape]:
    """The breadcrumb of a page below a product's."""
    url = reverse("storefront:product", args=[product["id"]])
    return [{"label": product["name"], "url": url}, {"label": label}]
