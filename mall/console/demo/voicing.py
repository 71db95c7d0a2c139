"""What buyers say in the demo: pictures added to reviews, replies, shows put first, questions, a
talk before buying, what a demo shopper looked at."""

import io
from datetime import timedelta

from django.core.files.storage import default_storage
from PIL import Image, ImageEnhance

from catalog.models import Product, ProductMedia, ProductView
from catalog.services import record_view
from mall.console.demo.seeding import Seeding, Tally, operator
from members.models import Member, Ticket
from members.services import open_ticket, say_as_shop
from orders.models import Question, Review, ReviewAppend, Upload
from orders.services import (
    add_upload,
    answer_as_shop,
    append_review,
    ask_question,
    feature_review,
    like_review,
    reply_review,
    set_faq,
)

SHOWS, FEATURED, LIKERS, VIEWED = 5, 2, 4, 8
PHOTO = 640
ADDED = (
    "用了一周再来说说，和图片上一样，没有色差。",
    "家里人都说好看，追加两张实拍。",
    "又买了一份送朋友，实拍在下面。",
    "洗过一次，没有变形，放心买。",
    "包装很用心，细节拍给大家看看。",
)
REPLY = "谢谢你的实拍，喜欢就好，有问题随时找我们。"
ASKED = (
    ("多久能到？", "现货当天发出，大多数城市两到三天到。", True),
    ("可以开发票吗？", "可以，下单时填写抬头，收货后发到邮箱。", True),
    ("送人合适吗，有礼盒吗？", "", False),
)


def seed_voices(seeding: Seeding) -> Tally:
    """Everything of this module; a rerun makes what is missing, whatever has been sold since."""
    shown = Review.objects.filter(is_shown=True, rating__gte=4).select_related("line__order")
    there = ReviewAppend.objects.count()
    fresh = shown.filter(append__isnull=True).order_by("-product__sales_count", "product_id", "pk")
    reviews = list(fresh[: max(SHOWS - there, 0)])
    for number, review in enumerate(reviews, there):
        _show(number, review, seeding)
    products = list(Product.objects.on_sale().order_by("-sales_count", "pk")[:VIEWED])
    made = len(reviews) + _ask(products[0], seeding) + _talk(products[0], seeding)
    _look(products, seeding)
    return Tally(made, there + len(reviews) + len(ASKED) + 1 - made)


def _show(number: int, review: Review, seeding: Seeding) -> None:
    """A buyer's own picture, added later; the best are featured, answered and liked."""
    at, clerk = review.written_at + timedelta(days=1), operator("service")
    photo = _photo(review.product_id, number)
    ids: tuple[int, ...] = ()
    if photo is not None:
        kept = add_upload(
            member_id=review.member_id, file=photo, purpose=Upload.Purpose.REVIEW, at=at
        )
        ids = (kept.pk,)
    append_review(
        member_id=review.member_id,
        order_number=review.line.order.number,
        line_id=review.line_id,
        text=ADDED[number % len(ADDED)],
        upload_ids=ids,
        at=at,
    )
    if number < FEATURED:
        feature_review(review=review, actor=operator("marketing"), at=at)
        reply_review(review=review, text=REPLY, actor=clerk, at=at)
    for fan in Member.objects.exclude(pk=review.member_id).order_by("pk")[: LIKERS - number]:
        like_review(review_id=review.pk, member_id=fan.pk, at=at)


def _photo(product_id: int, number: int) -> io.BytesIO | None:
    """The product as somebody at home might take it: nearer, in another light."""
    row = ProductMedia.objects.filter(product_id=product_id).select_related("media").first()
    if row is None or not row.media.file.name:
        return None
    with default_storage.open(row.media.file.name) as file, Image.open(file) as picture:
        side = min(picture.size)
        edge = side // 8
        near = picture.convert("RGB").crop((edge, edge, side - edge // 2, side - edge // 2))
        light = ImageEnhance.Brightness(near.resize((PHOTO, PHOTO))).enhance(0.86 + number * 0.05)
        out = io.BytesIO()
        light.save(out, "JPEG", quality=84)
    out.seek(0)
    return out


def _ask(product: Product, seeding: Seeding) -> int:
    """Three questions: two answered and frequent, one that waits for an answer."""
    if Question.objects.exists():
        return 0
    askers = list(Member.objects.order_by("pk")[: len(ASKED)])
    for number, (text, answer, is_faq) in enumerate(ASKED):
        at, clerk = seeding.ago(len(ASKED) - number + 1), operator("service")
        asker = askers[number % len(askers)]
        question = ask_question(member_id=asker.pk, product_id=product.pk, text=text, at=at)
        if answer:
            answer_as_shop(question=question, text=answer, actor=clerk, at=at)
            set_faq(question=question, is_faq=is_faq, actor=clerk, at=at)
    return len(ASKED)


def _talk(product: Product, seeding: Seeding) -> int:
    """A question before buying, answered by the service."""
    member = Member.objects.order_by("pk").first()
    if member is None or Ticket.objects.filter(member=member).exists():
        return 0
    at = seeding.ago(1, hour=15)
    ticket = open_ticket(
        member=member,
        kind=Ticket.Kind.PRODUCT,
        subject=str(product.pk),
        title=product.title_zh,
        text="想买来送长辈，哪一款合适？",
        at=at,
    )
    say_as_shop(
        ticket=ticket,
        text="推荐默认这一款，量足也好存放。",
        actor=operator("service"),
        at=at + timedelta(minutes=3),
    )
    return 1


def _look(products: list[Product], seeding: Seeding) -> None:
    """What the first demo shopper looked at."""
    member = Member.objects.order_by("pk").first()
    if member is None or ProductView.objects.filter(account=member.account).exists():
        return
    for number, product in enumerate(products):
        at = seeding.at - timedelta(minutes=5 * (number + 1))
        record_view(account=member.account, product_id=product.pk, at=at)
