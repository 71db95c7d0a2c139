"""The details of goods as a mini-program gets them: blocks of every kind in order, the video, the
frames to turn (C-41, C-45, C-47)."""

import pytest

from catalog.models import ShortVideo, Video
from catalog.presenting import DETAIL_KINDS
from catalog.services import save_product, store_video
from catalog.testing import film, make_media, make_product, shelve
from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
FILMS = "catalog/short-videos/"
ROOT = "http://testserver/api/v1/"


def test_C_45_blocks_of_every_kind_come_in_their_order_and_move_with_it():
    frames = [make_media().pk for _n in range(12)]
    at = clock.now()
    video = store_video(film(15), kind=Video.Kind.DETAIL, at=at)
    filled = {
        "text_zh": "说明",
        "table_zh": "问|答\n尺码|九十六",
        "media_id": frames[0],
        "media_ids": frames,
        "video_id": video.pk,
    }
    rows = [{"kind": kind, "title_zh": f"块{n}", **filled} for n, kind in enumerate(DETAIL_KINDS)]
    main = store_video(film(15), kind=Video.Kind.MAIN, at=at)
    product = make_product(at=at)

    def blocks(kept):
        saved = save_product(product=product, values={"blocks": kept, "main_video": main}, at=at)
        shelve(saved, at=at)
        return ApiClient().get_json(f"catalog/products/{product.pk}/").json()

    body = blocks(rows)
    turned = blocks(rows[::-1])

    assert [block["kind"] for block in body["blocks"]] == list(DETAIL_KINDS)
    assert [block["kind"] for block in turned["blocks"]] == list(DETAIL_KINDS)[::-1]
    by_kind = {block["kind"]: block for block in body["blocks"]}
    assert len(by_kind["spin"]["frames"]) == 12
    assert by_kind["video"]["video"]["seconds"] == 15
    assert body["video"]["url"].endswith(".mp4")


def make_films(count):
    """Short videos, each of its own product, and what their products are; one is not on sale."""
    at = clock.now()
    video = store_video(film(15), kind=Video.Kind.SHORT, at=at, poster=make_media())
    shown = [make_product(at=at) for _n in range(count)]
    shelve(*shown, at=at)
    for place, one in enumerate((*shown, make_product(on_sale=False))):
        ShortVideo.objects.create(product=one, video=video, sort=place // 2)
    return video, shown


def test_C_43_a_short_video_comes_with_its_product_and_the_source_to_order_with():
    video, (product,) = make_films(1)

    with count_queries(at_most=2):
        answer = ApiClient().get_json(FILMS)

    (row,) = answer.json()["results"]
    assert (row["product"]["id"], row["source"]) == (product.pk, "video")
    assert (row["video"]["seconds"], row["video"]["url"]) == (15, video.file.url)
    assert row["video"]["poster"]["url"]


def test_C_43_the_feed_goes_on_in_the_operators_order_and_back():
    _video, shown = make_films(5)
    first, second, third, fourth, fifth = (product.pk for product in shown)
    pages, address = [], f"{FILMS}?page_size=2"
    while address:
        with count_queries(at_most=2):
            page = ApiClient().get_json(address.removeprefix(ROOT)).json()
        pages.append([row["product"]["id"] for row in page["results"]])
        address, back = page["next"], page["previous"]

    assert pages == [[second, first], [fourth, third], [fifth]]
    before = ApiClient().get_json(back.removeprefix(ROOT)).json()
    assert [row["product"]["id"] for row in before["results"]] == pages[1]


@pytest.mark.parametrize("query", ["page_size=0", "page_size=101"])
def test_C_43_a_page_that_there_is_not_is_refused(query):
    make_films(1)

    assert ApiClient().get_json(f"{FILMS}?{query}").status_code == 400


def test_C_43_a_video_without_a_poster_shows_its_product_until_it_plays():
    video, (product,) = make_films(1)
    Video.objects.filter(pk=video.pk).update(poster=None)

    (row,) = ApiClient().get_json(FILMS).json()["results"]

    assert row["video"]["poster"] == row["product"]["image"] is not None
