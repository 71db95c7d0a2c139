"""The builder of pages in admin: forms by kind, order, versions, planning, rights, refusals."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from catalog.errors import TextsRefused
from catalog.testing import make_media, make_product
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from members.testing import make_operator
from promotions.errors import BlocksNotValid, DraftMoved
from promotions.models import ContentPage, PageRelease, PageVersion
from promotions.selectors import live_page, versions_of
from promotions.services import PageValues, copy_page, release_version, save_draft, save_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    account = make_operator(is_superuser=True)
    client.force_login(account, backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"
    return account


@pytest.fixture
def page(boss):
    values = PageValues(slug="office-tea", title_zh="办公室下午茶", title_en="Tea break")
    return save_page(values=values, at=clock.now(), actor=boss)


def text(block_id, body="正文"):
    return {"id": block_id, "kind": "text", "settings": {"body": {"zh": body, "en": ""}}}


def draft(page, *blocks, **more):
    return save_draft(page_id=page.pk, blocks=list(blocks), at=clock.now(), actor=None, **more)


def build(page):
    return reverse("admin:promotions_contentpage_build", args=[page.pk])


def block_url(page, block_id):
    return reverse("admin:promotions_contentpage_block", args=[page.pk, block_id])


def test_X_05_a_block_is_added_by_a_typed_form_and_seen_in_the_builder(client, boss, page):
    product = make_product("龙井")
    form = client.get(block_url(page, "new-products"))
    assert form.status_code == 200

    sent = {
        "revision": "0", "title__zh": "好茶", "title__en": "Good tea", "products": [product.pk],
        "layout": "grid", "audience__who": "everybody",
    }  # fmt: skip
    answer = client.post(block_url(page, "new-products"), sent)

    assert answer.status_code == 302, answer.context["form"].errors
    (block,) = PageVersion.objects.get().blocks
    assert block["settings"]["products"] == [product.pk]
    assert block["settings"]["title"] == {"zh": "好茶", "en": "Good tea"}
    shown = client.get(build(page)).content.decode()
    assert "好茶" in shown
    assert "chosen goods" in shown


def test_C_71_a_block_is_limited_to_a_region_set_by_its_form(client, boss, page):
    sent = {"revision": "0", "body__zh": "华东专享", "audience__who": "everybody"}

    answer = client.post(block_url(page, "new-text"), {**sent, "audience__regions": "east"})

    assert answer.status_code == 302, answer.context["form"].errors
    (block,) = PageVersion.objects.get().blocks
    assert block["audience"]["regions"] == "east"
    form = client.get(block_url(page, block["id"])).context["form"]
    assert form["audience__regions"].value() == "east"
    assert "east" in client.get(build(page)).content.decode()


def test_a_region_set_that_there_is_not_is_no_audience(page):
    audience = {"who": "everybody", "regions": "atlantis"}

    with pytest.raises(BlocksNotValid):
        draft(page, {**text("a"), "audience": audience})


def test_tiles_are_typed_one_by_one_and_a_wrong_link_is_said(client, boss, page):
    picture = make_media()
    sent = {
        "revision": "0", "audience__who": "everybody",
        "slides-TOTAL_FORMS": "1", "slides-INITIAL_FORMS": "0",
        "slides-0-picture": picture.pk, "slides-0-ink": "tea", "slides-0-title__zh": "春茶",
        "slides-0-link": "https://elsewhere.example/", "slides-0-audience__who": "everybody",
    }  # fmt: skip

    refused = client.post(block_url(page, "new-carousel"), sent, follow=True)
    assert "must be a path of this shop" in refused.content.decode()
    assert not PageVersion.objects.exists()
    answer = client.post(block_url(page, "new-carousel"), {**sent, "slides-0-link": "/coupons/"})

    assert answer.status_code == 302
    (slide,) = PageVersion.objects.get().blocks[0]["settings"]["slides"]
    assert (slide["picture"], slide["link"]) == (picture.pk, "/coupons/")


def test_X_01_blocks_are_moved_hidden_and_removed(client, boss, page):
    draft(page, text("a"), text("b"))

    client.post(build(page), {"deed": "down", "block": "a", "revision": "1"})
    assert [one["id"] for one in PageVersion.objects.get().blocks] == ["b", "a"]
    client.post(build(page), {"deed": "toggle", "block": "b", "revision": "2"})
    assert [one["is_shown"] for one in PageVersion.objects.get().blocks] == [False, True]
    client.post(build(page), {"deed": "remove", "block": "b", "revision": "3"})

    assert [one["id"] for one in PageVersion.objects.get().blocks] == ["a"]
    assert AuditEntry.objects.filter(verb="promotions.save_draft").count() == 4


def test_of_two_operators_the_second_is_told(page):
    draft(page, text("a"))
    draft(page, text("b"), revision=1)

    with pytest.raises(DraftMoved):
        draft(page, text("c"), revision=1)

    assert PageVersion.objects.get().blocks[0]["id"] == "b"


def test_versions_are_told_apart_and_one_goes_back(client, boss, page):
    draft(page, text("a"))
    client.post(build(page), {"deed": "publish"})
    draft(page, text("a", body="新"), text("b"))
    client.post(build(page), {"deed": "publish"})
    assert len(live_page("office-tea", clock.now()).blocks) == 2

    shown = client.get(build(page)).content.decode()
    client.post(build(page), {"deed": "publish", "number": "1"})

    assert "text was added at place 2" in shown
    assert "text: text changed" in shown
    assert len(live_page("office-tea", clock.now()).blocks) == 1
    assert [row.number for row in versions_of(page.pk)] == [2, 1]


def test_a_release_is_planned_and_called_off(client, boss, page):
    draft(page, text("a"))
    at = (clock.now() + timedelta(days=1)).astimezone(clock.SHANGHAI)

    client.post(build(page), {"deed": "publish", "live_at": at.strftime("%Y-%m-%dT%H:%M")})
    planned = PageRelease.objects.get()
    client.post(build(page), {"deed": "cancel", "release": planned.pk})

    planned.refresh_from_db()
    assert planned.live_at > clock.now()
    assert planned.cancelled_at is not None


def test_forbidden_words_and_things_that_are_not_there_are_refused(page):
    with translation.override("en"), pytest.raises(BlocksNotValid, match="not there"):
        draft(page, {"id": "p", "kind": "products", "settings": {"products": [999]}})
    title = {"zh": "全国第一", "en": ""}
    draft(page, {"id": "t", "kind": "text", "settings": {"title": title, "body": title}})

    with pytest.raises(TextsRefused):
        release_version(page_id=page.pk, at=clock.now(), actor=None)

    assert not PageRelease.objects.exists()


def test_a_copy_is_a_draft_of_its_own(boss, page):
    draft(page, text("a"))

    copy = copy_page(page_id=page.pk, slug="copy", title_zh="副本", at=clock.now(), actor=boss)

    assert copy.kind == ContentPage.Kind.TOPIC
    assert versions_of(copy.pk).get().blocks[0]["id"] == "a"


def test_who_may_not_publish_is_refused(client, page):
    clerk = make_operator(is_superuser=False)
    client.force_login(clerk, backend="members.backends.AccountBackend")
    draft(page, text("a"))

    assert client.get(build(page)).status_code == 403
    assert client.post(build(page), {"deed": "publish"}).status_code == 403
    assert not PageRelease.objects.exists()
