"""Reviews with pictures, additions, replies, featured ones, likes (C-56, C-57, C-59, C-73)."""

import io
from datetime import timedelta

import pytest

from catalog.errors import PictureRefused
from catalog.models import Product
from catalog.testing import make_media
from mall.kernel.errors import NotFound
from mall.kernel.notify.models import Message
from members.models import PointsEntry
from members.testing import make_member, make_operator
from orders.errors import (
    AlreadyAdded,
    FeaturedIsShown,
    NotYetShown,
    ReviewReasonMissing,
    TooManyReviewPictures,
)
from orders.models import Review, ReviewAppend, ReviewLike, Upload, VoicesPolicy
from orders.selectors import ADDED, PICTURES, buyer_shows, review_counts, reviews_of
from orders.services import (
    add_upload,
    append_review,
    feature_review,
    hide_addition,
    like_review,
    reply_review,
    set_pictures_shown,
    show_addition,
    unfeature_review,
    unlike_review,
    write_review,
)
from orders.testing import NOON, make_received_order, make_stocked_sku

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=3)


def send_in(member, count=1, purpose="review"):
    rows = [
        Upload.objects.create(member=member, media=make_media(), purpose=purpose, created_at=NOON)
        for _n in range(count)
    ]
    return tuple(row.pk for row in rows)


def say(text="面料柔软", *, order=None, at=NOON, **values):
    order = order or make_received_order()
    return write_review(
        member_id=order.member_id,
        order_number=order.number,
        line_id=order.lines.get().pk,
        rating=values.pop("rating", 5),
        text=text,
        at=at,
        **values,
    )


def add(review, text="洗了三次还是软的", **values):
    order = review.line.order
    return append_review(
        member_id=values.pop("member_id", order.member_id),
        order_number=order.number,
        line_id=review.line_id,
        text=text,
        at=LATER,
        **values,
    )


def test_C_56_nine_pictures_belong_to_a_review_and_a_tenth_is_refused():
    order = make_received_order()
    ids = send_in(order.member, 10)

    with pytest.raises(TooManyReviewPictures):
        say(order=order, upload_ids=ids)
    assert not Review.objects.exists()
    review = say(order=order, upload_ids=ids[:9])

    assert review.has_media
    assert list(review.pictures.values_list("upload_id", flat=True)) == list(ids[:9])


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_ATK_70_a_phones_picture_is_refused_as_a_picture_not_as_a_video(brand):
    member, file = make_member(), io.BytesIO(b"\0\0\0\x18ftyp" + brand + b"\0" * 64)

    with pytest.raises(PictureRefused):
        add_upload(member_id=member.pk, file=file, purpose="return", at=NOON)

    assert not Upload.objects.exists()


def test_only_ones_own_pictures_sent_in_for_reviews_are_taken_and_each_once():
    order, other = make_received_order(), make_received_order()
    theirs, evidence = send_in(other.member), send_in(order.member, purpose="after_sale")
    used = send_in(order.member)
    say(order=make_received_order(member=order.member), upload_ids=used)

    for ids in (theirs, evidence, used, (0,)):
        with pytest.raises(NotFound):
            say(order=order, upload_ids=ids)
    assert Review.objects.count() == 1


def test_C_56_a_review_is_added_to_once_by_its_writer_with_pictures():
    review = say()
    ids = send_in(review.member)

    with pytest.raises(NotFound):
        add(review, member_id=make_member().pk)
    addition = add(review, upload_ids=ids)
    with pytest.raises(AlreadyAdded):
        add(review)

    review.refresh_from_db()
    assert (addition.text, addition.is_shown, review.has_media) == ("洗了三次还是软的", True, True)
    assert [row.is_appended for row in review.pictures.all()] == [True]
    assert ReviewAppend.objects.count() == 1


def test_C_59_an_addition_with_a_banned_word_waits_and_the_review_stays():
    review, actor = say(), make_operator()

    addition = add(review, "其实是假货，骗子")
    seen = [(row.pk, row.append.is_shown) for row in reviews_of(review.product_id)]
    show_addition(addition=addition, actor=actor, at=LATER)
    with pytest.raises(ReviewReasonMissing):
        hide_addition(addition=addition, reason="", actor=actor, at=LATER)

    assert addition.is_pending
    assert seen == [(review.pk, False)]
    assert [row.pk for row in reviews_of(review.product_id, only=ADDED)] == [review.pk]
    hide_addition(addition=addition, reason="辱骂", actor=actor, at=LATER)
    assert not reviews_of(review.product_id, only=ADDED).exists()


def test_C_57_pictures_of_an_addition_count_while_it_is_shown():
    review, actor = say(), make_operator()
    order = review.line.order
    addition = add(review, "其实是假货，骗子", upload_ids=send_in(order.member))

    def has_media():
        return Review.objects.get(pk=review.pk).has_media

    assert not has_media()
    show_addition(addition=addition, actor=actor, at=LATER)
    assert has_media()
    hide_addition(addition=addition, reason="辱骂", actor=actor, at=LATER)
    assert not has_media()


def test_a_review_that_waits_is_not_added_to():
    review = say("骗子")

    with pytest.raises(NotYetShown):
        add(review)
    assert not ReviewAppend.objects.exists()


def test_C_59_a_picture_is_taken_off_by_itself_and_put_back():
    order, actor = make_received_order(), make_operator()
    review = say(order=order, upload_ids=send_in(order.member, 2))
    pictures = list(review.pictures.all())

    hidden = set_pictures_shown(pictures=pictures, is_shown=False, actor=actor, at=NOON)
    again = set_pictures_shown(pictures=pictures, is_shown=False, actor=actor, at=NOON)

    assert (hidden, again) == (2, 0)
    assert not reviews_of(review.product_id, only=PICTURES).exists()
    assert [list(row.pictures.all()) for row in reviews_of(review.product_id)] == [[]]
    set_pictures_shown(pictures=pictures[:1], is_shown=True, actor=actor, at=NOON)
    assert [len(row.pictures.all()) for row in buyer_shows(at=NOON)] == [1]


def test_C_73_a_featured_review_is_first_and_its_reward_is_in_the_ledger_once():
    sku, actor = make_stocked_sku(), make_operator()
    old = say(order=make_received_order(sku=sku))
    say(order=make_received_order(sku=sku), at=LATER)
    VoicesPolicy.objects.update_or_create(pk=1, defaults={"reward_points": 80})

    feature_review(review=old, actor=actor, at=LATER)
    feature_review(review=old, actor=actor, at=LATER)
    unfeature_review(review=old, actor=actor, at=LATER)
    feature_review(review=old, actor=actor, at=LATER)

    assert [row.pk for row in reviews_of(old.product_id)][0] == old.pk
    entry = PointsEntry.objects.get(kind="review")
    assert (entry.delta, entry.source_type, entry.source_id) == (80, "review", str(old.pk))
    assert entry.account.member_id == old.member_id


def test_only_what_shoppers_see_is_featured():
    review = say("骗子")

    with pytest.raises(FeaturedIsShown):
        feature_review(review=review, actor=make_operator(), at=NOON)
    assert not PointsEntry.objects.filter(kind="review").exists()


def test_C_57_featured_shows_come_first_and_a_like_counts_once_a_member():
    plain = say(order=make_received_order(), at=LATER)
    shows = []
    for _n in range(2):
        order = make_received_order()
        shows.append(say(order=order, upload_ids=send_in(order.member)))
    feature_review(review=shows[0], actor=make_operator(), at=NOON)
    fans = [make_member(), make_member()]

    counts = [like_review(review_id=shows[0].pk, member_id=fan.pk, at=NOON) for fan in fans * 2]

    assert [row.pk for row in buyer_shows(at=NOON)] == [shows[0].pk, shows[1].pk]
    assert [row.pk for row in buyer_shows(at=NOON, product_ids=[plain.product_id])] == []
    assert counts == [1, 2, 2, 2]
    assert unlike_review(review_id=shows[0].pk, member_id=fans[0].pk) == 1
    assert unlike_review(review_id=shows[0].pk, member_id=fans[0].pk) == 1
    assert ReviewLike.objects.count() == 1


def test_what_nobody_sees_is_not_liked():
    review = say("骗子")

    with pytest.raises(NotFound):
        like_review(review_id=review.pk, member_id=make_member().pk, at=NOON)


def test_C_56_the_shop_replies_and_the_writer_is_told_once():
    review, actor = say(), make_operator()

    for _twice in range(2):
        reply_review(review=review, text="谢谢喜欢", actor=actor, at=LATER)

    review.refresh_from_db()
    assert (review.reply, review.replied_by) == ("谢谢喜欢", actor)
    told = Message.objects.filter(template="orders.review_replied")
    assert told.get().account_id == review.member.account_id


def test_C_56_reviews_are_narrowed_by_stars_and_counted():
    sku = make_stocked_sku()
    rows = [say(order=make_received_order(sku=sku), rating=stars) for stars in (5, 5, 3)]
    product = Product.objects.get(pk=sku.product_id)

    counts = review_counts(product.pk)

    assert counts.stars == {5: 2, 4: 0, 3: 1, 2: 0, 1: 0}
    assert (counts.all, counts.pictures, counts.appended) == (3, 0, 0)
    assert [row.pk for row in reviews_of(product.pk, rating=3)] == [rows[2].pk]
    assert (product.rating_sum, product.rating_count) == (13, 3)


@pytest.mark.parametrize("count", [2, 20])
def test_a_page_of_reviews_costs_two_statements(count, django_assert_num_queries):
    sku = make_stocked_sku(on_hand=100)
    for _n in range(count):
        order = make_received_order(sku=sku)
        add(say(order=order, upload_ids=send_in(order.member)))

    with django_assert_num_queries(2):
        found = [(row.append.text, list(row.pictures.all())) for row in reviews_of(sku.product_id)]

    assert len(found) == count
