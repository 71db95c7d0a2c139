"""What stands below a product on its page, read in one statement: reviews, buyer shows, questions,
activities, related goods.

The rows are those of ``orders.selectors.voices``; only what ``orders.presenting`` reads of them is
there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from catalog.models import Media, Product, Video
from catalog.selectors import ProductPage, related_of_rows, related_rows
from mall.kernel.db import Prepared
from mall.kernel.db.rows import Row, as_json, stored
from members.models import Member
from orders.models import (
    Answer,
    OrderLine,
    Question,
    Review,
    ReviewAppend,
    ReviewPicture,
    Upload,
)
from orders.selectors.voices import asked_about, buyer_shows, reviews_of
from promotions.selectors import ActivityOffer, activity_rows, announced_until, offers_of_rows

REVIEW = (
    "id", "product_id", "rating", "text", "is_anonymous", "written_at", "is_featured",
    "likes_count", "reply", "replied_at",
)  # fmt: skip
ADDITION = ("id", "text", "written_at", "is_shown")
QUESTION = ("id", "text", "asked_at", "is_faq")
ANSWER = ("id", "text", "answered_at")
MEMBER = ("id", "nickname")
PICTURE = ("id", "file", "width", "height", "widths", "avif_widths", "alt_zh", "alt_en")
FILM = ("id", "file", "width", "height", "duration_ms")
NO_SKU = 0
"""Nobody's id: what is asked of goods none of whose SKUs is offered, in the same statement."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands below one product: what buyers say of it, the activities it is in, cards of goods
    that go with it."""

    reviews: Sequence[Review]
    shows: Sequence[Review]
    questions: Sequence[Question]
    activities: Sequence[ActivityOffer]
    related: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of each at most; ``companions`` of those related come from related categories."""

    reviews: int
    shows: int
    questions: int
    related: int
    companions: int


def beside_product(page: ProductPage, at: datetime, sizes: Sizes) -> Beside:
    """Voices in the order of ``reviews_of``, ``buyer_shows`` and ``asked_about``, activities on the
    page's SKUs, related cards as ``cards_beside`` gives them. Queries: 1."""
    path = [step.pk for step in page.path]
    found = _below.one(
        sizes,
        product_id=page.product.pk,
        sku_ids=page.sku_ids or [NO_SKU],
        path=path,
        around=path[-2:][0],
        at=at,
        until=announced_until(at),
    )
    return Beside(
        reviews=[_review(row) for row in found["reviews"]],
        shows=[_review(row) for row in found["shows"]],
        questions=[_question(row) for row in found["questions"]],
        activities=offers_of_rows(found["activities"]),
        related=related_of_rows(found, sizes.related),
    )


@Prepared
def _below(
    sizes: Sizes,
    *,
    product_id: int,
    sku_ids: Collection[int],
    path: Collection[int],
    around: int,
    at: datetime,
    until: datetime,
) -> Any:
    """One row: each part an array of JSON objects."""
    shown = buyer_shows(at=at, product_ids=[product_id], limit=sizes.shows)
    parts = {
        "reviews": _reviews(reviews_of(product_id)[: sizes.reviews]),
        "shows": _reviews(shown),
        "questions": _questions(asked_about(product_id, sizes.questions)),
        "activities": activity_rows(sku_ids, at, until),
        **related_rows(
            path,
            at,
            around=around,
            companions=sizes.companions,
            count=sizes.related,
            beside=product_id,
        ),
    }
    columns = {name: ArraySubquery(part) for name, part in parts.items()}
    return Product.objects.filter(pk=product_id).values(**columns)


def _reviews(rows: Any) -> Any:
    upload = as_json(
        "id",
        below="upload",
        media=as_json(*PICTURE, below="upload__media"),
        video=as_json(*FILM, below="upload__video"),
    )
    pictures = ReviewPicture.objects.filter(review=OuterRef("pk"), is_shown=True).order_by("pk")
    shown = pictures.values(row=as_json("id", "is_shown", "is_appended", upload=upload))
    return rows.values(
        row=as_json(
            *REVIEW,
            member=as_json(*MEMBER, below="member"),
            line=as_json("id", "options", below="line"),
            append=as_json(*ADDITION, below="append"),
            pictures=ArraySubquery(shown),
        )
    )


def _questions(rows: Any) -> Any:
    answers = Answer.objects.filter(question=OuterRef("pk"), is_shown=True).order_by("pk")
    said = answers.values(row=as_json(*ANSWER, member=as_json(*MEMBER, below="member")))
    asker = as_json(*MEMBER, below="member")
    return rows.values(row=as_json(*QUESTION, member=asker, answers=ArraySubquery(said)))


def _review(row: Row) -> Any:
    return stored(
        Review,
        row,
        member=stored(Member, row["member"]),
        line=stored(OrderLine, row["line"]),
        append=stored(ReviewAppend, row["append"]),
        pictures=[_picture(one) for one in row["pictures"]],
    )


def _picture(row: Row) -> Any:
    sent = row["upload"]
    media, video = stored(Media, sent["media"]), stored(Video, sent["video"])
    return stored(ReviewPicture, row, upload=stored(Upload, sent, media=media, video=video))


def _question(row: Row) -> Any:
    answers = [stored(Answer, one, member=stored(Member, one["member"])) for one in row["answers"]]
    return stored(Question, row, member=stored(Member, row["member"]), answers=answers)
