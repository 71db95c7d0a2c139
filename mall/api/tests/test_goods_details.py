"""The details of goods as a mini-program gets them: blocks of every kind in order, the video, the
frames to turn (C-41, C-45, C-47)."""

import pytest

from catalog.models import Video
from catalog.presenting import DETAIL_KINDS
from catalog.services import save_product, store_video
from catalog.testing import film, make_media, make_product, shelve
from mall.api.testing import ApiClient
from mall.kernel import clock

pytestmark = pytest.mark.django_db


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
