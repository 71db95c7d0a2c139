"""The desks of reviews, questions and talks (C-56, C-59, C-60, C-62, C-73, X-61)."""

import pytest
from django.urls import reverse

from catalog.models import Video
from catalog.services import store_video
from catalog.testing import film
from members.models import PointsEntry, Ticket
from members.testing import make_member, make_operator
from orders.models import Question, Review, ReviewPicture, Upload, VoicesPolicy
from orders.services import ask_question, write_review
from orders.testing import NOON, make_received_order, make_stocked_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_operator(), backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"
    return client


def url(model, page, *args):
    return reverse(f"admin:{model}_{page}", args=args)


def say(text="面料柔软", rating=5):
    order = make_received_order()
    return write_review(
        member_id=order.member_id,
        order_number=order.number,
        line_id=order.lines.get().pk,
        rating=rating,
        text=text,
        at=NOON,
    )


def act(desk, model, action, *rows):
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    return desk.post(url(model, "changelist"), form, follow=True)


def test_C_60_what_waits_is_in_front_with_its_reasons_weighed(desk):
    clean, held = say(), say("骗子，加微信返现", rating=1)

    page = desk.get(url("orders_review", "changelist")).content.decode()

    assert page.index("骗子") < page.index(clean.text)
    assert "a banned word (+100)" in page
    assert held.is_pending


def test_C_73_an_operator_features_a_review_and_the_reward_is_booked(desk):
    VoicesPolicy.objects.update_or_create(pk=1, defaults={"reward_points": 30})
    review = say()

    act(desk, "orders_review", "feature", review)

    review.refresh_from_db()
    assert review.is_featured
    assert PointsEntry.objects.get(kind="review").delta == 30
    act(desk, "orders_review", "unfeature", review)
    assert not Review.objects.get().is_featured


def test_the_shop_replies_and_hides_for_a_reason(desk):
    review = say()
    detail = reverse("admin:orders_review_change", args=[review.pk])

    desk.post(f"{reverse('admin:orders_review_reply', args=[review.pk])}", {"text": "谢谢"})
    desk.post(reverse("admin:orders_review_hide_one", args=[review.pk]), {"reason": "与商品无关"})

    review.refresh_from_db()
    assert (review.reply, review.is_shown, review.hidden_reason) == ("谢谢", False, "与商品无关")
    assert desk.get(detail).status_code == 200


def test_C_62_a_question_is_answered_and_becomes_faq(desk):
    question = ask_question(
        member_id=make_member().pk,
        product_id=make_stocked_sku().product_id,
        text="会掉色吗？",
        at=NOON,
    )

    desk.post(reverse("admin:orders_question_answer_one", args=[question.pk]), {"text": "不会"})
    act(desk, "orders_question", "into_faq", question)

    row = Question.objects.get()
    assert (row.is_faq, row.answers_count, row.answers.get().text) == (True, 1, "不会")
    assert desk.get(url("orders_question", "change", row.pk)).status_code == 200
    assert "会掉色吗" in desk.get(url("orders_answer", "changelist")).content.decode()


def test_the_rules_are_saved_with_a_trail(desk):
    VoicesPolicy.objects.get_or_create(pk=1)
    form = {
        "hold_from_points": 80,
        "same_text_products": 3,
        "one_star_reviews": 4,
        "burst_reviews": 5,
        "burst_minutes": 15,
        "rival_words": "某宝,某东",
        "reward_points": 20,
    }

    desk.post(url("orders_voicespolicy", "change", 1), form)

    policy = VoicesPolicy.objects.get()
    assert (policy.hold_from_points, policy.rival_words) == (80, ["某宝", "某东"])
    assert say("不如某 宝").suspicions == ["rival"]


def test_X_61_an_agent_answers_a_talk_and_the_report_names_them(desk):
    shopper = make_member()
    ticket = Ticket.objects.create(
        member=shopper, kind="product", subject="1", title="茶", opened_at=NOON, spoken_at=NOON
    )

    desk.post(reverse("admin:members_ticket_answer", args=[ticket.pk]), {"text": "在的"})

    ticket.refresh_from_db()
    assert (ticket.state, ticket.messages.get().text) == ("answered", "在的")
    assert desk.get(reverse("admin:enquiries")).status_code == 200
    assert desk.get(url("members_ticket", "change", ticket.pk)).status_code == 200
    act(desk, "members_ticket", "close", ticket)
    ticket.refresh_from_db()
    assert ticket.state == "closed"


@pytest.mark.parametrize("model", ["orders_review", "orders_question", "orders_reviewappend"])
def test_who_may_not_moderate_sees_no_desk(client, model):
    client.force_login(
        make_operator(username="packer", is_superuser=False),
        backend="members.backends.AccountBackend",
    )

    assert client.get(url(model, "changelist")).status_code == 403


def test_C_59_who_decides_sees_the_video_too(desk):
    review = say()
    video = store_video(film(12), kind=Video.Kind.REVIEW, at=NOON)
    upload = Upload.objects.create(
        member_id=review.member_id, video=video, purpose="review", created_at=NOON
    )
    ReviewPicture.objects.create(review=review, upload=upload)

    page = desk.get(url("orders_review", "change", review.pk)).content.decode()

    assert f'<video src="{video.file.url}"' in page
