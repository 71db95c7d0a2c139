"""Detail blocks: what each kind holds, how they are typed in, what the page and API get (C-45)."""

import pytest
from django.contrib.messages import get_messages
from django.utils import translation

from catalog.blocks import KINDS, faults_of, lacks_selling_point, rows_of, with_papers
from catalog.errors import BlocksNotValid
from catalog.films import film
from catalog.models import Product, ProductCertificate, PublishingPolicy, Video
from catalog.presenting import product as product_dict
from catalog.selectors import product_page
from catalog.services import save_product, store_video
from catalog.testing import AT, make_media, make_picture_file, make_product, make_video_file
from catalog.tests.screens import page, product_form, seller, text
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries

__all__ = ["seller"]
pytestmark = pytest.mark.django_db


def one_of_each():
    """A valid block of every kind."""
    frames = [make_media().pk for _n in range(12)]
    video = store_video(film(15), kind=Video.Kind.DETAIL, at=AT)
    filled = {
        "title_zh": "标题",
        "title_en": "Title",
        "text_zh": "说明",
        "table_zh": "尺码|胸围\nM|96",
        "media_id": frames[0],
        "media_ids": frames,
        "video_id": video.pk,
    }
    return [{"kind": kind, **filled} for kind in KINDS]


def shown(product):
    with translation.override("en"):
        found = product_dict(product_page(product.pk, at=AT), available={}, at=AT)
    return {block["kind"]: block for block in found["blocks"]}


def test_C_45_every_kind_is_kept_with_its_own_fields_and_comes_out_in_order():
    product = save_product(product=make_product(), values={"blocks": one_of_each()}, at=AT)

    assert [block["kind"] for block in product.blocks] == list(KINDS)
    blocks = shown(product)
    assert list(blocks) == list(KINDS)
    assert blocks["size_guide"]["head"] == ["尺码", "胸围"]
    assert blocks["size_guide"]["rows"] == [["M", "96"]]
    assert blocks["faq"]["questions"][1] == {"question": "M", "answer": "96"}
    assert len(blocks["spin"]["frames"]) == 12
    assert blocks["video"]["video"]["seconds"] == 15
    assert blocks["trust"]["papers"] == []
    assert "video_id" not in product.blocks[0]


def test_C_45_the_page_reads_blocks_of_any_number_in_as_many_statements():
    product = make_product()
    costs = []
    for blocks in (one_of_each(), one_of_each() + one_of_each()):
        save_product(product=product, values={"blocks": blocks}, at=AT)
        with count_queries() as queries:
            product_page(product.pk, at=AT)
        costs.append(len(queries))

    assert costs == [3, 3]


BAD = {
    "kind": [{"kind": "iframe", "text_zh": "<iframe>"}],
    "missing": [{"kind": "pain_point", "title_zh": "难洗"}],
    "long": [{"kind": "text", "text_zh": "长" * 2001}],
    "table": [{"kind": "faq", "table_zh": "问|答|多"}],
    "uneven": [{"kind": "size_guide", "table_zh": "a|b\nc"}],
    "frames": [{"kind": "spin", "media_ids": [1, 2, 3]}],
    "id": [{"kind": "image", "media_id": "1; drop table"}],
    "true is no id": [{"kind": "image", "media_id": True}],
    "gone": [{"kind": "image", "media_id": 10**12}],
    "many": [{"kind": "trust"}] * 41,
    "no list": {"kind": "text"},
    "no objects": ["text"],
    "words of another shape": [{"kind": "text", "text_zh": ["x"]}],
}


@pytest.mark.parametrize("blocks", BAD.values(), ids=BAD.keys())
def test_C_45_what_cannot_be_shown_is_refused_and_nothing_is_kept(blocks):
    product = make_product()

    with pytest.raises(BlocksNotValid) as refusal:
        save_product(product=product, values={"blocks": blocks, "title_zh": "别名"}, at=AT)

    assert refusal.value.facts["findings"]
    stored = Product.objects.get(pk=product.pk)
    assert (stored.blocks, stored.title_zh) == ([], product.title_zh)


def test_C_45_a_refusal_names_block_field_and_fault():
    product = make_product()
    values = {"blocks": [{"kind": "trust"}, {"kind": "faq"}]}

    with translation.override("en"), pytest.raises(BlocksNotValid) as refusal:
        save_product(product=product, values=values, at=AT)

    assert refusal.value.facts["findings"] == "block 2, table: is missing"


@pytest.mark.parametrize(
    ("kinds", "has_papers", "lacks"),
    [
        ([], True, True),
        (["text", "image", "faq", "point"], True, True),
        (["text", "image", "point"], False, False),
        (["trust"], True, False),
        (["trust"], False, True),
    ],
)
def test_C_44_one_of_the_first_three_blocks_sells(kinds, has_papers, lacks):
    blocks = [{"kind": kind} for kind in kinds]
    assert lacks_selling_point(blocks, has_papers=has_papers) is lacks


def test_C_44_a_trust_block_without_papers_sells_by_words_of_its_own():
    spoken = [{"kind": "trust", "text_zh": "两项专利"}]
    assert lacks_selling_point(spoken, has_papers=False) is False


@pytest.mark.parametrize(
    ("kinds", "shown"),
    [
        ([], ["trust"]),
        (["point"], ["point", "trust"]),
        (["point", "text", "faq", "shipping"], ["point", "text", "trust", "faq", "shipping"]),
        (["trust", "text"], ["trust", "text"]),
    ],
)
def test_C_46_papers_without_a_trust_block_get_one_in_the_middle(kinds, shown):
    blocks = with_papers([{"kind": kind} for kind in kinds])
    assert [block["kind"] for block in blocks] == shown


def test_a_table_is_read_with_bars_of_both_widths():
    assert rows_of("尺码｜胸围\n\n M | 96 ") == [["尺码", "胸围"], ["M", "96"]]
    assert faults_of([{"kind": "comparison", "table_zh": "我们|他们\n好|差"}]) == []


def editor(*rows):
    """Rows of the editor as a browser sends them."""
    data = {"blocks-total": len(rows)}
    for number, row in enumerate(rows):
        data |= {f"blocks-{number}-{name}": value for name, value in row.items()}
    return data


def typed(product, **values):
    data = product_form(product.category, code=product.code, title_zh=product.title_zh)
    skus = list(product.skus.order_by("sort", "pk"))
    assert len(skus) == 1
    data |= {"skus-TOTAL_FORMS": 0, "skus-INITIAL_FORMS": 0}
    return {**data, "version": product.version, **values}


def test_C_45_the_editor_adds_reorders_and_takes_out(client, seller):
    product = save_product(
        product=make_product(), values={"blocks": [{"kind": "text", "text_zh": "旧"}]}, at=AT
    )
    rows = editor(
        {"kind": "text", "sort": 2, "text_zh": "旧"},
        {"kind": "faq", "sort": 1, "table_zh": "问|答"},
        {"kind": "point", "sort": 0, "title_zh": "软", "pictures": make_picture_file()},
        {"kind": "scenario", "sort": 3, "title_zh": "不要", "gone": "1"},
        {"kind": "", "sort": 4},
    )

    answer = client.post(page("product_change", product.pk), typed(product, **rows))

    assert answer.status_code == 302
    product.refresh_from_db()
    assert [block["kind"] for block in product.blocks] == ["point", "faq", "text"]
    assert product.blocks[0]["media_id"]
    again = text(client.get(page("product_change", product.pk)))
    assert again.count("data-block>") == 3 + 2
    assert "__n__" in again


def test_C_45_a_fault_is_said_in_the_editor_and_nothing_changes(client, seller):
    client.cookies["django_language"] = "en"
    product = make_product()

    answer = client.post(
        page("product_change", product.pk),
        typed(product, **editor({"kind": "size_guide", "sort": 0, "table_zh": "a|b\nc"})),
    )

    assert answer.status_code == 200
    assert "block 1, table: needs as many cells" in text(answer)
    assert Product.objects.get(pk=product.pk).blocks == []


def test_C_45_a_form_sent_back_shows_neither_empty_rows_nor_what_was_taken_out(client, seller):
    product = make_product()
    rows = editor(
        {"kind": "text", "sort": 0, "text_zh": "不要", "gone": "1"}, {"kind": "", "sort": 1}
    )

    answer = client.post(page("product_change", product.pk), typed(product, title_zh="", **rows))

    assert answer.status_code == 200
    again = text(answer)
    assert again.count("data-block>") == 1 + 1
    assert "不要" not in again
    assert "blocks__warning" not in again


def test_C_44_the_editor_warns_when_none_of_the_first_three_sells(client, seller):
    client.cookies["django_language"] = "en"
    product = make_product()
    plain = editor({"kind": "text", "sort": 0, "text_zh": "说明"})

    answer = client.post(page("product_change", product.pk), typed(product, **plain))

    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert any("None of the first three blocks sells" in words for words in said)
    assert "blocks__warning" in text(client.get(page("product_change", product.pk)))


def test_C_41_a_main_video_is_sent_in_refused_with_words_or_kept(client, seller):
    client.cookies["django_language"] = "en"
    product = make_product()
    address = page("product_change", product.pk)

    def upload(seconds, **ticks):
        video = make_video_file(seconds)
        video.name = "clip.mp4"
        return client.post(address, typed(product, new_video=video, **ticks))

    refused, unseen = upload(31, shows_goods="on"), upload(15)
    assert Product.objects.get(pk=product.pk).main_video is None
    kept = upload(15, shows_goods="on")

    assert "This video lasts 31 seconds; here it must last 9 to 30." in text(refused)
    assert "tick that it shows the goods, not only text" in text(unseen)
    assert kept.status_code == 302
    product.refresh_from_db()
    assert product.main_video.duration_ms == 15_000
    assert product.main_video.shows_goods
    ticked = AuditEntry.objects.get(verb="catalog.save_video")
    assert (ticked.actor, ticked.after) == (seller, {"shows_goods": "True"})
    assert "no_video" not in product.quality_flags


def test_C_45_blocks_of_a_form_without_the_editor_stay(client, seller):
    product = save_product(
        product=make_product(), values={"blocks": [{"kind": "text", "text_zh": "旧"}]}, at=AT
    )

    client.post(page("product_change", product.pk), typed(product, blocks="[]"))

    product.refresh_from_db()
    assert product.blocks == [{"kind": "text", "text_zh": "旧"}]


def test_C_44_the_editor_knows_that_a_product_has_papers_for_its_trust_block(client, seller):
    product = save_product(product=make_product(), values={"blocks": [{"kind": "trust"}]}, at=AT)
    before = text(client.get(page("product_change", product.pk)))
    ProductCertificate.objects.create(
        product=product, number="A1", agency_zh="国检", file="certificates/a.pdf"
    )

    after = text(client.get(page("product_change", product.pk)))

    assert ("blocks__warning" in before, "blocks__warning" in after) == (True, False)


@pytest.mark.parametrize(
    ("kind", "seconds", "is_ticked", "is_kept"),
    [("main", 15, False, False), ("main", 15, True, True), ("short", 15, False, True)],
)
def test_C_41_the_library_takes_a_main_video_that_somebody_says_shows_the_goods(
    client, seller, kind, seconds, is_ticked, is_kept
):
    video = make_video_file(seconds)
    video.name = "clip.mp4"
    tick = {"shows_goods": "on"} if is_ticked else {}

    answer = client.post(page("video_add"), {"as_kind": kind, "upload": video, **tick})

    assert (answer.status_code == 302) is is_kept
    assert AuditEntry.objects.filter(verb="catalog.save_video").exists() is is_kept
    assert Video.objects.filter(shows_goods=True).exists() is (is_ticked and is_kept)


def test_C_37_a_forbidden_title_of_a_video_comes_back_with_the_reason(client, seller):
    client.cookies["django_language"] = "en"
    video = store_video(film(15), kind=Video.Kind.SHORT, at=AT)

    answer = client.post(page("video_change", video.pk), {"title_zh": "最好的枕头"})

    assert "最好 (superlative)" in text(answer)
    assert Video.objects.get().title_zh == ""


def test_C_41_the_forms_say_the_lengths_that_the_shop_asks_for(client, seller):
    client.cookies["django_language"] = "en"
    PublishingPolicy.objects.update(main_least_seconds=12, short_most_seconds=40)

    library = text(client.get(page("video_add")))
    product = text(client.get(page("product_change", make_product().pk)))

    assert "main 12 to 30 seconds, detail at most 30, short 5 to 40" in library
    assert "MP4, 12 to 30 seconds" in product
