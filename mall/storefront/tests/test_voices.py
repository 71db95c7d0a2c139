"""Reviews, buyer shows and questions on pages (C-56, C-57, C-62, C-73)."""

import pytest
from django.urls import reverse
from django.utils import translation

from catalog.testing import make_media, make_picture_file
from members.testing import make_member, make_operator
from orders.models import Review, Upload
from orders.services import answer_as_shop, ask_question, feature_review, set_faq, write_review
from orders.testing import NOON, make_received_order, make_stocked_sku

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def url(name, *args):
    return reverse(f"storefront:{name}", args=args)


def say(order, *, text="面料柔软", rating=5, pictures=0):
    uploads = [
        Upload.objects.create(
            member=order.member, media=make_media(), purpose="review", created_at=NOON
        ).pk
        for _n in range(pictures)
    ]
    return write_review(
        member_id=order.member_id,
        order_number=order.number,
        line_id=order.lines.get().pk,
        rating=rating,
        text=text,
        upload_ids=tuple(uploads),
        at=NOON,
    )


def test_C_56_a_buyer_reviews_with_pictures_and_adds_to_it_on_the_order(client):
    order = make_received_order()
    line = order.lines.get()
    client.force_login(order.member.account)
    form = {"rating": "4", "text": "很软", "pictures": [make_picture_file(), make_picture_file()]}

    sent = client.post(url("order_review", order.number, line.pk), form)
    again = client.post(url("order_review", order.number, line.pk), form)
    added = client.post(url("order_append", order.number, line.pk), {"text": "洗后不变形"})

    assert (sent.status_code, again.status_code, added.status_code) == (302, 404, 302)
    review = Review.objects.get()
    assert (review.rating, review.pictures.count(), review.append.text) == (4, 2, "洗后不变形")
    page = client.get(url("product", line.product_id)).content.decode()
    assert "很软" in page
    assert "洗后不变形" in page


def test_C_56_who_did_not_buy_gets_404_and_a_file_that_is_no_picture_is_told(client):
    order = make_received_order()
    line = order.lines.get()
    client.force_login(make_member().account)
    assert client.get(url("order_review", order.number, line.pk)).status_code == 404
    client.force_login(order.member.account)

    from django.core.files.uploadedfile import SimpleUploadedFile

    trick = SimpleUploadedFile("a.jpg", b"<script>", content_type="image/jpeg")
    page = client.post(
        url("order_review", order.number, line.pk),
        {"rating": "4", "text": "很软", "pictures": [trick]},
    )

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Review.objects.exists()


def test_reviews_are_narrowed_by_stars_and_pictures(client):
    sku = make_stocked_sku()
    for rating, pictures in ((5, 1), (5, 0), (2, 0)):
        say(
            make_received_order(sku=sku),
            rating=rating,
            text=f"{rating}星{pictures}",
            pictures=pictures,
        )

    everything = client.get(url("product_reviews", sku.product_id))
    two = client.get(url("product_reviews", sku.product_id), {"stars": "2"})
    shown = client.get(url("product_reviews", sku.product_id), {"only": "pictures"})
    odd = client.get(url("product_reviews", sku.product_id), {"stars": "<b>", "only": "'"})

    assert [len(page.context["reviews"]) for page in (everything, two, shown, odd)] == [3, 1, 1, 3]
    assert [chip["count"] for chip in everything.context["chips"]] == [3, 1, 2, 1]


def test_C_57_a_featured_show_stands_in_the_block_and_first_in_the_feed_and_is_liked_once(client):
    plain = say(make_received_order(), pictures=1)
    best = say(make_received_order(), pictures=1)
    feature_review(review=best, actor=make_operator(), at=NOON)
    client.force_login(make_member().account)

    feed = client.get(url("shows"))
    for _twice in range(2):
        client.post(url("review_like", best.pk), {"do": "like"})

    assert [show["id"] for show in feed.context["shows"]] == [best.pk, plain.pk]
    assert [s["id"] for s in client.get(url("product", best.product_id)).context["shows"]] == [
        best.pk
    ]
    best.refresh_from_db()
    assert best.likes_count == 1
    client.post(url("review_like", best.pk), {"do": "unlike"})
    best.refresh_from_db()
    assert best.likes_count == 0


def test_C_62_a_member_asks_and_the_answer_and_the_faq_stand_on_the_page(client):
    sku, member, actor = make_stocked_sku(), make_member(), make_operator()
    guest = client.post(url("question_ask", sku.product_id), {"text": "会掉色吗？"})
    client.force_login(member.account)

    client.post(url("question_ask", sku.product_id), {"text": "会掉色吗？"})
    question = member.questions.get()
    answer_as_shop(question=question, text="不会", actor=actor, at=NOON)
    set_faq(question=question, is_faq=True, actor=actor, at=NOON)
    ask_question(member_id=member.pk, product_id=sku.product_id, text="有大码吗", at=NOON)

    assert guest.url.startswith(url("login"))
    asked = client.get(url("product", sku.product_id)).context["asked"]
    assert [row["text"] for row in asked["faq"]] == ["会掉色吗？"]
    assert [row["text"] for row in asked["questions"]] == ["有大码吗"]
    page = client.get(url("questions", sku.product_id)).content.decode()
    assert "不会" in page
    assert "Answer it" not in page


@pytest.mark.parametrize("count", [2, 10])
def test_a_page_of_reviews_costs_the_same(client, count, django_assert_max_num_queries):
    sku = make_stocked_sku(on_hand=100)
    for _n in range(count):
        say(make_received_order(sku=sku), pictures=1)
    client.get(url("product_reviews", sku.product_id))

    with django_assert_max_num_queries(8):
        page = client.get(url("product_reviews", sku.product_id))

    assert len(page.context["reviews"]) == count
