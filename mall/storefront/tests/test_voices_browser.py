"""What buyers say, by hand in a browser: a review with a picture, a like, a question, the sheet to
share, what was looked at. Source: C-08, C-56, C-57, C-62, M-65."""

import pytest
from django.urls import reverse
from django.utils import translation

from catalog.testing import make_picture_file
from mall.kernel import clock
from mall.storefront.tests.chromium import NARROW, WIDE, Hands, browser
from mall.storefront.tests.sale import put_up
from mall.storefront.tests.shop import make_shopper, make_words, signed_in
from members.testing import make_operator
from orders.models import Review
from orders.services import answer_as_shop, feature_review, reply_review
from orders.testing import make_received_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THEMES = ("", "dark")


def look_round(hands: Hands, product_id: int, name: str) -> None:
    """Every page of voices at this width."""
    ways = {
        "product": reverse("storefront:product", args=[product_id]),
        "reviews": reverse("storefront:product_reviews", args=[product_id]),
        "questions": reverse("storefront:questions", args=[product_id]),
        "shows": reverse("storefront:shows"),
        "share": reverse("storefront:share", args=["product", product_id]),
        "history": reverse("storefront:history"),
        "talk": reverse("storefront:product_ask", args=[product_id]),
    }
    for page, way in ways.items():
        hands.go(way)
        hands.page.wait_for_load_state("networkidle")
        hands.shoot(f"voices-{page}{name}")


@pytest.fixture(autouse=True)
def chinese():
    """Addresses are those of the Chinese pages, whatever the test before spoke."""
    with translation.override("zh-hans"):
        yield


def test_a_buyer_shows_what_came_and_others_like_ask_and_share(live_server, tmp_path):
    make_words()
    buyer, fan = make_shopper(nickname="Lin"), make_shopper(nickname="Wen")
    headphones = put_up("头戴式降噪耳机", "digital", "数码家电", "headphones-n1", price_fen=10_000)
    racket = put_up("羽毛球拍", "sports", "运动户外", "headphones-n1", price_fen=5_000)
    order = make_received_order(member=buyer, sku=headphones.skus.get(), at=clock.now())
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(make_picture_file().read())
    with browser() as running:
        hands = Hands.at(running, live_server.url, NARROW)
        hands.let_in(signed_in(buyer))
        hands.go(reverse("storefront:order_review", args=[order.number, order.lines.get().pk]))
        hands.page.set_input_files("[name=pictures]", str(photo))
        hands.page.fill("[name=text]", "音质比想象的好，戴着不夹头。")
        hands.shoot("voices-write")
        hands.follow("form .btn:not(.btn--line)", f"/orders/{order.number}/")
        review = Review.objects.get()
        assert review.pictures.count() == 1
        feature_review(review=review, actor=make_operator(), at=clock.now())
        reply_review(review=review, text="谢谢喜欢。", actor=make_operator(), at=clock.now())

        other = Hands.at(running, live_server.url, NARROW)
        other.let_in(signed_in(fan))
        other.go(reverse("storefront:shows"))
        other.click(".review__like button")
        other.shows('.review__like button[aria-pressed="true"]')
        other.go(reverse("storefront:questions", args=[headphones.pk]))
        other.page.fill("[name=text]", "可以连两台设备吗？")
        other.click("main form .btn")
        other.shows(".qa")
        answer_as_shop(
            question=fan.questions.get(), text="可以。", actor=make_operator(), at=clock.now()
        )
        for product in (racket, headphones):
            other.go(reverse("storefront:product", args=[product.pk]))
            other.page.wait_for_load_state("networkidle")
        assert "羽毛球拍" in other.text("[data-viewed]")
        for theme in THEMES:
            for width in (NARROW, WIDE):
                eyes = Hands.at(running, live_server.url, width)
                eyes.let_in(signed_in(fan))
                if theme:
                    eyes.page.context.add_cookies(
                        [{"name": "theme", "value": theme, "url": live_server.url}]
                    )
                look_round(eyes, headphones.pk, f"-{theme}" if theme else "")
                assert eyes.complaints == []
        assert [*hands.complaints, *other.complaints] == []
    review.refresh_from_db()
    assert review.likes_count == 1
