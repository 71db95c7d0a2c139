"""Reviews that wait for a person, are let through, are hidden for a reason."""

import pytest

from catalog.models import Product, ScreeningTerm
from mall.kernel.audit.models import AuditEntry
from members.testing import make_member, make_operator
from orders.errors import ReviewReasonMissing
from orders.models import Review
from orders.selectors import reviews_of
from orders.services import hide_review, show_review, write_review
from orders.testing import NOON, make_received_order, make_stocked_sku

pytestmark = pytest.mark.django_db


def say(text, *, member=None, sku=None, rating=1):
    order = make_received_order(member=member or make_member(), sku=sku or make_stocked_sku())
    return write_review(
        member_id=order.member_id,
        order_number=order.number,
        line_id=order.lines.get().pk,
        rating=rating,
        text=text,
        at=NOON,
    )


def score(review):
    product = Product.objects.get(pk=review.product_id)
    return product.rating_sum, product.rating_count


@pytest.mark.parametrize("text", ["喝了三天治愈了胃病", "这是最 好 的", "加*微*信返现"])
def test_C_59_a_review_with_a_banned_word_is_pending_and_unseen(text):
    review = say(text)

    assert (review.is_pending, review.is_shown, review.suspicions) == (True, False, ["words"])
    assert list(reviews_of(review.product_id)) == []
    assert score(review) == (0, 0)


def test_a_clean_review_is_seen_at_once_and_so_is_a_superlative_that_only_warns():
    reviews = [say("面料柔软，尺码正好", rating=5), say("完美", rating=5)]

    assert [review.is_shown for review in reviews] == [True, True]
    assert score(reviews[0]) == (5, 1)


def test_the_shops_own_words_hold_reviews_too():
    ScreeningTerm.objects.create(word="竞品")

    assert say("不如竞品").is_pending


def test_C_59_a_person_lets_a_pending_review_through_once():
    review, actor = say("骗子", rating=2), make_operator()

    for _twice in range(2):
        show_review(review=review, actor=actor, at=NOON)

    assert list(reviews_of(review.product_id)) == [review]
    assert score(review) == (2, 1)
    trail = AuditEntry.objects.get(verb="orders.show_review")
    assert (trail.before, trail.after) == ({"state": "pending"}, {"state": "shown"})


def test_C_59_hiding_needs_a_reason_and_takes_the_rating_out_of_the_score():
    review, actor = say("颜色不对", rating=1), make_operator()

    with pytest.raises(ReviewReasonMissing):
        hide_review(review=review, reason=" ", actor=actor, at=NOON)
    assert score(review) == (1, 1)
    for _twice in range(2):
        hide_review(review=review, reason="与商品无关", actor=actor, at=NOON)

    review.refresh_from_db()
    assert (review.is_shown, review.is_pending, review.hidden_reason) == (
        False,
        False,
        "与商品无关",
    )
    assert score(review) == (0, 0)
    assert AuditEntry.objects.filter(verb="orders.hide_review").count() == 1


def test_a_pending_review_that_is_hidden_never_counted():
    review = say("骗子")

    hide_review(review=review, reason="辱骂", actor=make_operator(), at=NOON)

    assert score(review) == (0, 0)
    assert not Review.objects.get().is_pending


def test_C_60_the_same_text_on_five_products_by_one_account_is_flagged_and_queued():
    member = make_member()
    texts = ["垃圾不要买", "垃圾 不要买", "垃圾*不要买", "垃圾不要买"]
    first = [say(text, member=member, rating=2) for text in texts]
    shown = list(Review.objects.values_list("is_shown", flat=True))

    fifth = say("垃圾不要买", member=member, rating=2)

    assert shown == [True] * 4
    assert fifth.suspicions == ["duplicate"]
    rows = Review.objects.values_list("is_pending", "is_shown", "suspicions")
    assert list(rows) == [(True, False, ["duplicate"])] * 5
    assert {score(review) for review in (*first, fifth)} == {(0, 0)}


def test_the_same_text_by_others_or_on_the_same_product_is_no_sign():
    sku, member = make_stocked_sku(on_hand=20), make_member()
    same_product = [say("不错", member=member, sku=sku) for _n in range(5)]
    others = [say("不错") for _n in range(5)]

    assert all(review.is_shown for review in (*same_product, *others))


def test_what_a_person_let_through_is_not_held_again():
    member, actor = make_member(), make_operator()
    reviews = [say("一般般", member=member) for _n in range(5)]
    show_review(review=reviews[0], actor=actor, at=NOON)

    say("一般般", member=member)

    reviews[0].refresh_from_db()
    assert reviews[0].is_shown
