"""Reviews, shows, questions, favourites, history and share cards over the API (C-07, C-08, C-12,
C-56, C-57, C-62, M-65)."""

import pytest

from catalog.models import RelatedProduct
from catalog.testing import make_media
from mall.api.testing import ApiClient
from mall.kernel import clock
from members.testing import make_member, make_operator
from orders.models import Question, Review, Upload
from orders.services import feature_review, refresh_shelf
from orders.testing import NOON, make_group_order, make_received_order, make_stocked_sku
from promotions.models import ShareScene, Team
from promotions.services import PageValues, release_version, save_draft, save_page
from promotions.testing import make_coupon, make_group_buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def sku():
    sku = make_stocked_sku()
    refresh_shelf(NOON, [sku.product_id])
    return sku


def send_in(member, count=1):
    rows = [
        Upload.objects.create(member=member, media=make_media(), purpose="review", created_at=NOON)
        for _n in range(count)
    ]
    return [row.pk for row in rows]


def test_C_56_a_buyer_reviews_with_pictures_once_and_adds_once(sku):
    order = make_received_order(sku=sku)
    client, line = ApiClient.of(order.member), order.lines.get()
    path = f"orders/{order.number}/lines/{line.pk}/review/"
    body = {"rating": 5, "text": "很软", "upload_ids": send_in(order.member, 2)}

    written = client.post_json(path, body, key="a")
    again = client.post_json(path, {"rating": 1, "text": "再来"}, key="b")
    added = client.post_json(f"{path}append/", {"text": "洗后不变形"}, key="c")
    twice = client.post_json(f"{path}append/", {"text": "又"}, key="d")
    stranger = ApiClient.of(make_member()).post_json(path, {"rating": 1, "text": "差"}, key="e")

    assert (written.status_code, added.status_code) == (201, 201)
    assert again.json()["code"] == "orders.already_reviewed"
    assert twice.json()["code"] == "orders.review_already_added_to"
    assert stranger.status_code == 404
    (row,) = client.get_json(f"catalog/products/{sku.product_id}/reviews/").json()["results"]
    assert (row["rating"], row["text"], len(row["images"])) == (5, "很软", 2)
    assert (row["append"]["text"], row["reply"], row["video"]) == ("洗后不变形", None, None)


def test_C_57_shows_come_featured_first_by_pages_and_are_liked(sku):
    client = ApiClient.of(make_member())
    ids = []
    for number in range(3):
        order = make_received_order(sku=sku)
        said = {"rating": 5, "text": f"好{number}", "upload_ids": send_in(order.member)}
        path = f"orders/{order.number}/lines/{order.lines.get().pk}/review/"
        ids.append(ApiClient.of(order.member).post_json(path, said, key="a").json()["id"])
    feature_review(review=Review.objects.get(pk=ids[0]), actor=make_operator(), at=NOON)

    first = client.get_json("catalog/buyer-shows/?page_size=2").json()
    second = client.get(first["next"]).json()
    likes = [client.call("PUT", f"catalog/reviews/{ids[1]}/like/").json() for _n in range(2)]
    gone = client.call("DELETE", f"catalog/reviews/{ids[1]}/like/").json()

    shown = [row["id"] for page in (first, second) for row in page["results"]]
    assert shown == [ids[0], ids[2], ids[1]]
    assert first["results"][0]["product"]["id"] == sku.product_id
    assert (likes, gone) == ([{"likes_count": 1}] * 2, {"likes_count": 0})


def test_C_62_members_ask_and_only_buyers_answer(sku):
    path = f"catalog/products/{sku.product_id}/questions/"
    asker = ApiClient.of(make_member())

    guest = ApiClient().post_json(path, {"text": "会掉色吗？"})
    asked = asker.post_json(path, {"text": "会掉色吗？"})
    refused = asker.post_json(f"catalog/questions/{asked.json()['id']}/answers/", {"text": "不会"})

    assert (guest.status_code, asked.status_code) == (401, 201)
    assert (refused.status_code, refused.json()["code"]) == (403, "orders.not_a_buyer")
    (row,) = ApiClient().get_json(path).json()["results"]
    assert (row["text"], row["answers"]) == ("会掉色吗？", [])


def test_C_62_the_faq_is_read_by_itself_and_the_rest_by_itself(sku):
    path = f"catalog/products/{sku.product_id}/questions/"
    asker = ApiClient.of(make_member())
    for text in ("会缩水吗？", "几天发货？"):
        asker.post_json(path, {"text": text})
    Question.objects.filter(text="会缩水吗？").update(is_faq=True)

    def found(query):
        return [row["text"] for row in ApiClient().get_json(path + query).json()["results"]]

    assert found("?faq=true") == ["会缩水吗？"]
    assert found("?faq=false") == ["几天发货？"]
    assert len(found("")) == 2
    for wrong in ("1", "True", "", "yes"):
        refused = ApiClient().get_json(f"{path}?faq={wrong}")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "faq")


def test_C_07_keeping_a_favourite_twice_is_one_and_dropping_it_is_quiet(sku):
    client = ApiClient.of(make_member())

    made = [client.post_json("me/favourites/", {"product_id": sku.product_id}) for _n in range(2)]
    put = client.call("PUT", f"me/favourites/{sku.product_id}/")
    (row,) = client.get_json("me/favourites/").json()["results"]
    kept = client.get_json(f"me/favourites/{sku.product_id}/").json()
    dropped = [client.call("DELETE", f"me/favourites/{sku.product_id}/") for _n in range(2)]

    assert [answer.status_code for answer in (*made, put, *dropped)] == [201, 201, 200, 204, 204]
    assert row["product"]["id"] == sku.product_id
    assert kept == {"product_id": sku.product_id, "is_favourite": True}
    assert not client.get_json(f"me/favourites/{sku.product_id}/").json()["is_favourite"]
    assert client.get_json("me/favourites/").json()["results"] == []
    assert client.post_json("me/favourites/", {"product_id": 999_999}).status_code == 404


def test_C_07_the_heart_is_the_askers_own_and_the_count_everybodys(sku, django_assert_num_queries):
    mine, other = (ApiClient.of(make_member()) for _n in range(2))
    mine.post_json("me/favourites/", {"product_id": sku.product_id})
    path = f"me/favourites/{sku.product_id}/"

    shown = ApiClient().get_json(f"catalog/products/{sku.product_id}/").json()

    assert shown["favourites_count"] == 1
    assert "is_favourite" not in shown
    assert [client.get_json(path).json()["is_favourite"] for client in (mine, other)] == [
        True,
        False,
    ]
    assert ApiClient().get_json(path).status_code == 401
    with django_assert_num_queries(2):  # who asks, and whether they keep it
        mine.get_json(path)


def test_C_08_what_i_looked_at_is_listed_newest_first_and_cleared():
    client, skus = ApiClient.of(make_member()), [make_stocked_sku() for _n in range(3)]
    refresh_shelf(NOON, [sku.product_id for sku in skus])
    for sku in skus:
        client.post_json("me/history/", {"product_id": sku.product_id, "path": "pages/index"})

    found = [row["product"]["id"] for row in client.get_json("me/history/").json()["results"]]

    assert found == [sku.product_id for sku in reversed(skus)]
    assert client.call("DELETE", f"me/history/{found[0]}/").status_code == 204
    assert client.call("DELETE", "me/history/").status_code == 204
    assert client.get_json("me/history/").json()["results"] == []


def test_C_12_what_was_chosen_is_recommended_first(sku):
    other = make_stocked_sku()
    refresh_shelf(NOON, [other.product_id])
    RelatedProduct.objects.create(product=sku.product, related=other.product)

    rows = ApiClient().get_json(f"catalog/products/{sku.product_id}/recommendations/").json()

    assert [row["id"] for row in rows["results"]] == [other.product_id]
    assert ApiClient().get_json("catalog/products/999999/recommendations/").status_code == 404


def test_M_65_the_share_card_has_title_image_and_path_with_the_sharers_code(sku):
    sharer = make_member()
    asked = f"share-cards/?kind=product&id={sku.product_id}"

    card = ApiClient.of(sharer).get_json(asked).json()
    again = ApiClient.of(sharer).get_json(asked).json()
    guest = ApiClient().get_json(asked).json()

    scene = ShareScene.objects.get(member=sharer)
    assert card["scene"] == again["scene"] == scene.code != guest["scene"]
    assert scene.code in card["path"]
    assert (card["source"], card["price_fen"]) == (f"share:{scene.code}", sku.price_fen)
    assert card["title"]
    assert ApiClient().get_json("share-cards/?kind=coupon&id=999999").status_code == 404
    assert ApiClient().get_json("share-cards/?kind=house&id=1").status_code == 400


def test_M_65_a_mini_program_says_who_came_and_it_counts_once(sku):
    asked = f"share-cards/?kind=product&id={sku.product_id}"
    code = ApiClient().get_json(asked).json()["scene"]

    came = [
        ApiClient().post_json("share-visits/", {"scene": code, "visitor": "install-1"})
        for _twice in range(2)
    ]

    assert [answer.status_code for answer in came] == [201, 201]
    assert came[0].json() == {
        "kind": "product",
        "id": str(sku.product_id),
        "source": f"share:{code}",
    }
    assert ShareScene.objects.get().visits == 1


def test_M_65_topic_coupon_and_group_have_cards_of_their_own(sku):
    topic = save_page(
        values=PageValues(slug="office-tea", title_zh="办公室下午茶"),
        at=NOON,
        actor=make_operator(),
    )
    save_draft(page_id=topic.pk, blocks=[], at=NOON, actor=None)
    release_version(page_id=topic.pk, at=NOON, actor=make_operator())
    coupon = make_coupon(title_zh="满 59 减 5")
    order = make_group_order(make_group_buy(sku), paid=True, at=clock.now())
    team = Team.objects.get()
    sharer = ApiClient.of(order.member)

    for kind, target, title in (
        ("topic", "office-tea", "办公室下午茶"),
        ("coupon", str(coupon.pk), "满 59 减 5"),
        ("group", team.number, sku.product.title_zh),
    ):
        asked = f"share-cards/?kind={kind}&id={target}"
        card = sharer.get_json(asked, **{"Accept-Language": "zh-hans"}).json()
        assert (card["title"], card["kind"]) == (title, kind)
        assert card["image"]["url"]
        scene = ShareScene.objects.get(kind=kind, member=order.member)
        assert (card["scene"], scene.code in card["path"]) == (scene.code, True)
        body = {"scene": scene.code, "visitor": f"install-{kind}"}
        assert ApiClient().post_json("share-visits/", body).status_code == 201
        scene.refresh_from_db()
        assert scene.visits == 1
