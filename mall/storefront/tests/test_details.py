"""The details of a product's page: blocks, videos, papers, parameters, and a word against it."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import Complaint, ProductCertificate, ShortVideo, Video
from catalog.presenting import DETAIL_KINDS
from catalog.services import OptionPlan, ValuePlan, build_skus, save_product, store_video
from catalog.testing import film, make_attribute, make_category, make_media, make_product, shelve
from mall.kernel import clock

pytestmark = pytest.mark.django_db
NOW = clock.now


@pytest.fixture
def english(client):
    """A visitor who reads English."""
    client.cookies["django_language"] = "en"
    return client


def address(product, name="product"):
    return "/en" + reverse(f"storefront:{name}", args=[product.pk]).removeprefix("/en")


def page_of(client, product):
    answer = client.get(address(product))
    assert answer.status_code == 200
    return answer.content.decode()


def detailed(**values):
    product = make_product(at=NOW())
    product = save_product(product=product, values=values, at=NOW())
    shelve(product, at=NOW())
    return product


def test_C_45_every_kind_of_block_is_drawn_in_order(english):
    frames = [make_media().pk for _n in range(12)]
    video = store_video(film(15), kind=Video.Kind.DETAIL, at=NOW())
    filled = {
        "text_zh": "说明",
        "table_zh": "问|答\n尺码|九十六",
        "media_id": frames[0],
        "media_ids": frames,
        "video_id": video.pk,
    }
    rows = [{"kind": kind, "title_zh": f"块{n}号", **filled} for n, kind in enumerate(DETAIL_KINDS)]

    shown = page_of(english, detailed(blocks=rows))

    places = [shown.find(f"块{n}号") for n, kind in enumerate(DETAIL_KINDS) if kind != "image"]
    assert -1 not in places
    assert places == sorted(places)
    assert shown.count("data-spin ") == 1
    assert shown.count("<video ") == 1
    assert shown.count("<summary>问</summary>") == 1


def test_C_41_the_main_video_plays_in_the_gallery_with_a_poster_and_never_by_itself(english):
    video = store_video(film(15), kind=Video.Kind.MAIN, at=NOW(), poster=make_media())
    shown = page_of(english, detailed(main_video=video))

    player = shown[shown.index("<video ") : shown.index("</video>")]
    assert video.file.url in player
    assert "controls" in player
    assert 'preload="none"' in player
    assert "poster=" in player
    assert "autoplay" not in player


def test_C_43_a_short_video_is_in_the_feed_and_leads_to_its_product_with_its_source(english):
    product, hidden = detailed(), make_product(on_sale=False)
    video = store_video(film(15), kind=Video.Kind.SHORT, at=NOW())
    for one in (product, hidden):
        ShortVideo.objects.create(product=one, video=video)

    feed = english.get("/en/videos/").content.decode()

    link = f"{address(product)}?source=video"
    assert feed.count("<video ") == 1
    assert f'href="{link}"' in feed
    assert english.get(link).context["source"] == "video"


def test_C_46_a_valid_paper_can_be_opened_and_one_that_ran_out_is_gone(english):
    product = detailed(blocks=[{"kind": "trust"}])
    today = clock.day_of(NOW())
    for number, last_day in (("QC-VALID", today), ("QC-OLD", today.replace(year=today.year - 1))):
        ProductCertificate.objects.create(
            product=product,
            number=number,
            agency_zh="质检所",
            file=ContentFile(b"%PDF-1.7 qc", name=f"{number}.pdf"),
            expires_on=last_day,
        )

    shown = page_of(english, product)

    paper = ProductCertificate.objects.get(number="QC-VALID")
    assert f'href="{paper.file.url}"' in shown
    assert "quality report QC-VALID" in shown
    assert "QC-OLD" not in shown


def test_C_04_five_attributes_are_five_parameter_rows(english):
    category = make_category(title_zh="手机壳")
    codes = [f"a{n}" for n in range(1, 6)]
    for code in codes:
        make_attribute(category, code=code, title_zh=f"参数{code}", is_required=True)
    product = make_product(
        category=category, attributes={code: (f"值{code}", "") for code in codes}, at=NOW()
    )
    shelve(product, at=NOW())

    shown = page_of(english, product)

    params = shown[shown.index('<dl class="params') :]
    rows = params[: params.index("</dl>")]
    assert [rows.count(f"<dd>值{code}</dd>") for code in codes] == [1] * 5
    assert rows.count("<dt>") == 5


def test_C_03_the_picture_of_the_chosen_sku_comes_first_also_without_script(english):
    product = make_product(on_sale=True, at=NOW())
    values = [ValuePlan("red", "红"), ValuePlan("blue", "蓝")]
    build_skus(
        product=product, options=[OptionPlan("colour", "颜色", values)], price_fen=100, at=NOW()
    )
    blue = product.skus.get(options={"colour": "blue"})
    blue.media = make_media()
    blue.save(update_fields=["media"])
    shelve(product, at=NOW())

    plain, chosen = (english.get(address(product), query) for query in ({}, {"sku": blue.pk}))

    gallery = [answer.context["product"]["media"] for answer in (plain, chosen)]
    assert [picture["url"] == blue.media.file.url for picture in gallery[0]] == [False, True]
    assert [picture["url"] == blue.media.file.url for picture in gallery[1]] == [True, False]


def claim(**values):
    return {
        "right": "patent",
        "right_number": "ZL2024",
        "holder": "某公司",
        "contact": "王",
        "phone": "13900001234",
        "email": "ip@example.com",
        "text": "外观相同",
        "is_true": "on",
        "rights": SimpleUploadedFile("right.pdf", b"%PDF-1.7"),
        "evidence": SimpleUploadedFile("look.png", b"\x89PNG\r\n\x1a\n"),
        **values,
    }


def test_C_63_anybody_files_a_complaint_on_the_page_and_gets_its_number(english):
    product = detailed()
    assert address(product, "complain") in page_of(english, product)

    form = english.get(address(product, "complain"))
    answer = english.post(address(product, "complain"), claim())

    case = Complaint.objects.get()
    assert (form.status_code, answer.status_code) == (200, 200)
    assert case.number in answer.content.decode()
    assert sorted(case.papers.values_list("kind", flat=True)) == ["evidence", "rights"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"right": "beauty"},
        {"is_true": ""},
        {"rights": ""},
        {"evidence": SimpleUploadedFile("x.html", b"<script>")},
    ],
)
def test_C_63_what_lacks_something_is_said_and_not_kept(english, wrong):
    answer = english.post(address(detailed(), "complain"), claim(**wrong))

    assert answer.status_code == 400
    assert not Complaint.objects.exists()
