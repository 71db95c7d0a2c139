"""Questions about products, their answers, the FAQ (C-62)."""

from datetime import timedelta

import pytest

from catalog.models import Product
from catalog.testing import make_product
from mall.kernel.errors import NotFound, TooMany
from mall.kernel.notify.models import Message
from mall.kernel.outbox import relay_batch
from members.testing import make_member, make_operator
from orders.errors import AlreadyAnswered, NotABuyer, NotAnswered
from orders.models import Answer, Question
from orders.selectors import may_answer, questions_of
from orders.services import (
    answer_as_buyer,
    answer_as_shop,
    ask_question,
    hide_words,
    set_faq,
    show_words,
)
from orders.services.asking import MOST_A_DAY
from orders.testing import NOON, make_order, make_stocked_sku

pytestmark = pytest.mark.django_db


def ask(text="会掉色吗？", *, product_id=None, member=None):
    return ask_question(
        member_id=(member or make_member()).pk,
        product_id=product_id or make_stocked_sku().product_id,
        text=text,
        at=NOON,
    )


def buyer_of(product_id):
    sku = Product.objects.get(pk=product_id).skus.get()
    member = make_member()
    make_order(member=member, sku=sku, paid=True)
    relay_batch(NOON)
    return member


def shown(question):
    return [
        (row.text, [answer.text for answer in row.answers.all()])
        for row in questions_of(question.product_id)
    ]


def test_C_62_a_published_answer_shows_and_staff_marks_the_question_faq():
    question, actor = ask(), make_operator()
    with pytest.raises(NotAnswered):
        set_faq(question=question, is_faq=True, actor=actor, at=NOON)

    answer_as_shop(question=question, text="不会，机洗即可", actor=actor, at=NOON)
    set_faq(question=question, is_faq=True, actor=actor, at=NOON)

    assert shown(question) == [("会掉色吗？", ["不会，机洗即可"])]
    assert [row.is_faq for row in questions_of(question.product_id)] == [True]
    told = Message.objects.get(template="orders.question_answered")
    assert told.account_id == question.member.account_id
    set_faq(question=question, is_faq=False, actor=actor, at=NOON)
    assert [row.is_faq for row in questions_of(question.product_id)] == [False]


def test_C_62_who_bought_it_answers_once_and_nobody_else():
    question = ask()
    stranger, buyer = make_member(), buyer_of(question.product_id)

    with pytest.raises(NotABuyer):
        answer_as_buyer(member_id=stranger.pk, question_id=question.pk, text="不会", at=NOON)
    answer_as_buyer(member_id=buyer.pk, question_id=question.pk, text="不会", at=NOON)
    with pytest.raises(AlreadyAnswered):
        answer_as_buyer(member_id=buyer.pk, question_id=question.pk, text="真不会", at=NOON)

    assert shown(question) == [("会掉色吗？", ["不会"])]
    assert may_answer(buyer.pk, question.product_id)
    assert not may_answer(stranger.pk, question.product_id)
    question.refresh_from_db()
    assert question.answers_count == 1


def test_C_62_banned_words_wait_unseen_until_a_person_lets_them_through():
    question, actor = ask("你们是不是骗子"), make_operator()
    buyer = buyer_of(question.product_id)

    with pytest.raises(NotFound):
        answer_as_buyer(member_id=buyer.pk, question_id=question.pk, text="不是", at=NOON)
    assert shown(question) == []
    show_words(words=question, actor=actor, at=NOON)
    answer = answer_as_buyer(
        member_id=buyer.pk, question_id=question.pk, text="加微信返现", at=NOON
    )

    assert answer.is_pending
    assert shown(question) == [("你们是不是骗子", [])]
    assert not Message.objects.filter(template="orders.question_answered").exists()
    show_words(words=answer, actor=actor, at=NOON)
    assert shown(question) == [("你们是不是骗子", ["加微信返现"])]


def test_what_is_hidden_is_counted_no_more_and_is_no_faq():
    question, actor = ask(), make_operator()
    answer = answer_as_shop(question=question, text="不会", actor=actor, at=NOON)
    set_faq(question=question, is_faq=True, actor=actor, at=NOON)

    for _twice in range(2):
        hide_words(words=answer, reason="答错了", actor=actor, at=NOON)
    hide_words(words=question, reason="重复", actor=actor, at=NOON)

    question.refresh_from_db()
    assert (question.answers_count, question.is_faq, question.is_shown) == (0, False, False)
    assert shown(question) == []


def test_goods_off_sale_are_not_asked_about_and_nobody_floods():
    member = make_member()
    gone = make_product()
    Product.objects.filter(pk=gone.pk).update(status=Product.Status.OFF_SALE)
    with pytest.raises(NotFound):
        ask(product_id=gone.pk)
    sku = make_stocked_sku()
    Question.objects.bulk_create(
        Question(
            product_id=sku.product_id,
            member=member,
            text=str(number),
            asked_at=NOON - timedelta(hours=1),
        )
        for number in range(MOST_A_DAY)
    )

    with pytest.raises(TooMany):
        ask(product_id=sku.product_id, member=member)
    assert Question.objects.count() == MOST_A_DAY


@pytest.mark.parametrize("count", [2, 20])
def test_a_page_of_questions_costs_two_statements(count, django_assert_num_queries):
    product_id, actor = make_stocked_sku().product_id, make_operator()
    for number in range(count):
        question = ask(f"问题{number}", product_id=product_id)
        answer_as_shop(question=question, text="好的", actor=actor, at=NOON)

    with django_assert_num_queries(2):
        rows = [list(row.answers.all()) for row in questions_of(product_id)]

    assert (len(rows), Answer.objects.count()) == (count, count)
