"""What buyers show stands on topics and the home page where operators place it (C-57)."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.testing import make_media
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.test_content import arrange, block, make_topic
from members.testing import make_operator
from orders.models import Review, Upload
from orders.services import feature_review, hide_review, refresh_shelf, write_review
from orders.testing import NOON, make_received_order, make_stocked_sku

pytestmark = pytest.mark.django_db
TOPIC = "/api/v1/catalog/topics/office-tea/"


def show(sku=None, *, featured=False):
    """A buyer's review with a picture."""
    order = make_received_order(**({"sku": sku} if sku else {}))
    picture = Upload.objects.create(
        member=order.member, media=make_media(), purpose="review", created_at=NOON
    )
    review = write_review(
        member_id=order.member_id,
        order_number=order.number,
        line_id=order.lines.get().pk,
        rating=5,
        text="很软",
        upload_ids=(picture.pk,),
        at=NOON,
    )
    refresh_shelf(clock.now(), [review.product_id])
    if featured:
        feature_review(review=review, actor=make_operator(), at=NOON)
    return review


def ids(shape):
    return [row["id"] for row in shape["shows"]]


def test_C_57_featured_shows_stand_on_a_topic_and_in_its_answer():
    plain, best = show(), show(featured=True)
    hidden = show()
    hide_review(review=hidden, reason="广告", actor=make_operator(), at=NOON)
    make_topic("office-tea", block("shows"), block("shows", "own", products=[plain.product_id]))

    page = Client().get("/topic/office-tea/")
    api = Client().get(TOPIC).json()["blocks"]

    assert [ids(shape) for shape in page.context["blocks"]] == [[best.pk, plain.pk], [plain.pk]]
    assert [ids(shape) for shape in api] == [[best.pk, plain.pk], [plain.pk]]
    assert api[0]["shows"][0]["product"]["id"] == best.product_id
    assert api[0]["shows"][0]["images"]
    text = page.content.decode()
    assert text.count(reverse("storefront:product", args=[best.product_id])) >= 2


def test_C_57_a_page_without_shows_has_no_block_and_asks_nothing_for_it():
    arrange(block("promises"))
    with count_queries() as without:
        Client().get("/api/v1/catalog/home/")

    arrange(block("shows"), block("promises"))
    Client().get("/api/v1/catalog/home/")
    with count_queries() as asked:
        kinds = [one["kind"] for one in Client().get("/api/v1/catalog/home/").json()["blocks"]]

    assert kinds == ["promises"]
    assert len(asked) <= len(without) + 1


@pytest.mark.parametrize("number", [2, 50])
def test_C_57_each_block_has_its_own_shows_and_a_page_costs_the_same_however_many(number):
    """The block of few shows stands beside one of many, which are newer and featured."""
    few = show()
    many = make_stocked_sku()
    mine = [show(many) for _n in range(number)][-12:]
    Review.objects.filter(product=many.product).update(is_featured=True)
    blocks = [(), (many.product_id,), (few.product_id,), (few.product_id, many.product_id)]
    make_topic(
        "office-tea",
        *(
            block("shows", f"b{n}", count=12, products=list(named))
            for n, named in enumerate(blocks)
        ),
    )
    Client().get(TOPIC)

    with count_queries() as asked:
        shapes = Client().get(TOPIC).json()["blocks"]

    best = [review.pk for review in reversed(mine)]
    all_of_them = [*best, few.pk][:12]
    assert [ids(shape) for shape in shapes] == [all_of_them, best, [few.pk], all_of_them]
    assert len(asked) <= 10
