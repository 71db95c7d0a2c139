"""Dicts of api.md out of what buyers say; ``orders.presenting`` is their door."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog import presenting as catalog_presenting
from catalog.selectors import stored_picture
from mall.kernel.words import localized
from members.models import Member
from orders.models import Answer, Question, Review, ReviewPicture, Upload


def review_dict(review: Review) -> dict[str, Any]:
    """One review as everybody reads it; who wants to stay unnamed keeps the first letter."""
    pictures = [row for row in review.pictures.all() if row.is_shown]
    return {
        "id": review.pk,
        "product_id": review.product_id,
        "rating": review.rating,
        "text": review.text,
        "nickname": said_by(review.member, is_anonymous=review.is_anonymous),
        "options": {
            localized(option, "title"): localized(option, "value") for option in review.line.options
        },
        "written_at": _instant(review.written_at),
        "is_featured": review.is_featured,
        "likes_count": review.likes_count,
        **_media([row for row in pictures if not row.is_appended]),
        "append": _append_dict(review, [row for row in pictures if row.is_appended]),
        "reply": _reply_dict(review),
    }


def show_dict(review: Review, cards: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """A review with the card of its product, one of ``cards``."""
    card = catalog_presenting.card(cards[review.product_id])
    return {**review_dict(review), "product": card}


def _append_dict(review: Review, pictures: list[ReviewPicture]) -> dict[str, Any] | None:
    addition = getattr(review, "append", None)
    if addition is None or not addition.is_shown:
        return None
    said = {"text": addition.text, "written_at": _instant(addition.written_at)}
    return {**said, **_media(pictures)}


def _reply_dict(review: Review) -> dict[str, Any] | None:
    if not review.reply:
        return None
    return {"text": review.reply, "written_at": _instant(review.replied_at)}


def _media(pictures: list[ReviewPicture]) -> dict[str, Any]:
    uploads = [row.upload for row in pictures]
    return {
        "images": [image_of(upload) for upload in uploads if upload.media is not None],
        "video": next((video_of(upload) for upload in uploads if upload.video is not None), None),
    }


def image_of(upload: Upload) -> dict[str, Any]:
    """A picture that somebody sent in, as pages show it."""
    assert upload.media is not None
    stored = {**stored_picture(upload.media), "alt_zh": "", "alt_en": ""}
    return catalog_presenting.image(stored) or {}


def video_of(upload: Upload) -> dict[str, Any]:
    """A video that somebody sent in."""
    video = upload.video
    assert video is not None
    return {
        "url": video.file.url,
        "width": video.width,
        "height": video.height,
        "seconds": -(-video.duration_ms // 1000),
    }


def upload_dict(upload: Upload) -> dict[str, Any]:
    """One picture or video that somebody sent in, with what names it in a case or a review."""
    if upload.video is not None:
        plain = {"srcset": "", "srcset_avif": "", "alt": ""}
        return {"id": upload.pk, "kind": "video", **plain, **video_of(upload)}
    return {"id": upload.pk, "kind": "image", **image_of(upload), "seconds": None}


def question_dict(question: Question) -> dict[str, Any]:
    """One question with its shown answers."""
    return {
        "id": question.pk,
        "text": question.text,
        "nickname": said_by(question.member, is_anonymous=True),
        "asked_at": _instant(question.asked_at),
        "is_faq": question.is_faq,
        "answers": [answer_dict(answer) for answer in question.answers.all()],
    }


def answer_dict(answer: Answer) -> dict[str, Any]:
    """One answer: by the shop, or by a buyer with the first letter of the name."""
    name = said_by(answer.member, is_anonymous=True) if answer.member else None
    return {
        "id": answer.pk,
        "text": answer.text,
        "by": "buyer" if answer.member else "shop",
        "nickname": name,
        "answered_at": _instant(answer.answered_at),
    }


def said_by(member: Member, *, is_anonymous: bool) -> str:
    """A name as strangers read it."""
    return f"{member.nickname[:1]}***" if is_anonymous else member.nickname


def _instant(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(microsecond=0)
