"""Shared copies of what operators place: topics change when released, a closed shop shows none."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from catalog.models import RegionSet
from catalog.testing import make_media
from mall import shopwindow
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.caching import page_window
from mall.storefront.shutter import GLANCE
from mall.storefront.tests.shop import make_goods
from mall.storefront.tests.test_content import block, make_topic, words
from members.testing import make_operator
from promotions.services import release_version, save_draft, switch_maintenance

pytestmark = pytest.mark.django_db
TOPICS = (
    "/topic/tea/",
    "/en/topic/tea/",
    "/topics/",
    "/api/v1/catalog/topics/tea/",
    "/api/v1/catalog/topics/",
)


@pytest.fixture(autouse=True)
def window(monkeypatch):
    """The cache as production has it, empty."""
    monkeypatch.setattr(shopwindow, "LIFE_SECONDS", 60)
    shopwindow.KEEPER.forget_near()
    GLANCE.forget()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def move_to(monkeypatch, at) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    shopwindow.KEEPER.forget_near()
    GLANCE.forget()


def shown_on(path: str) -> str:
    return Client().get(path).content.decode()


def test_topics_are_made_once_for_all_strangers():
    make_topic("tea", block("text", body=words("采茶", "Picking")))
    first = {path: Client().get(path) for path in TOPICS}

    with count_queries(at_most=0):
        second = {path: Client().get(path) for path in TOPICS}

    for path in TOPICS:
        assert first[path].status_code == 200, path
        assert second[path].content == first[path].content, path
        assert "Server-Timing" in second[path], path


SHANGHAI, URUMQI = "310115004", "650102002"


def words_in(region, path="/topic/tea/"):
    """Which of the words a stranger reads who wants parcels there, on the web and in the API."""
    browser = Client()
    if region:
        browser.cookies["region"] = region
    answer = Client().get(f"/api/v1/catalog{path.replace('topic/', 'topics/')}", {"region": region})
    texts = browser.get(path).content.decode(), answer.content.decode()
    return [[name for name in ("华东块", "西北块", "华东图") if name in text] for text in texts]


@pytest.mark.parametrize("order", [("", SHANGHAI, URUMQI), (URUMQI, SHANGHAI, "")])
def test_C_71_no_copy_shows_one_regions_block_or_tile_to_another(order):
    def only(regions):
        return {"audience": {"who": "everybody", "regions": regions}}

    slide = {"picture": make_media().pk, "title": words("华东图"), "link": "/coupons/"}
    east, northwest = (
        {**block("text", name, body=words(name)), **only(name_of)}
        for name, name_of in (("华东块", "east"), ("西北块", "northwest"))
    )
    make_topic("tea", {**east, "id": "e"}, {**northwest, "id": "n"},
               block("carousel", slides=[{**slide, **only("east")}]))  # fmt: skip
    everything, there = ["华东块", "西北块", "华东图"], ["华东块", "华东图"]
    due = {"": everything, SHANGHAI: there, URUMQI: ["西北块"]}

    for region in (*order, *order):
        assert words_in(region) == [due[region]] * 2, region


def test_C_71_a_set_that_was_drawn_anew_holds_within_a_second(monkeypatch, committed):
    audience = {"who": "everybody", "regions": "east"}
    make_topic("tea", {**block("text", body=words("华东块")), "audience": audience})
    move_to(monkeypatch, clock.now())
    before = words_in(SHANGHAI)

    east = RegionSet.objects.get(code="east")
    typed = {name: getattr(east, name) for name in ("code", "kind", "title_zh", "title_en")}
    desk, address = Client(), reverse("admin:catalog_regionset_change", args=[east.pk])
    desk.force_login(make_operator(is_superuser=True), backend="members.backends.AccountBackend")
    with committed():
        assert desk.post(address, {**typed, "prefixes": "32"}).status_code == 302
    move_to(monkeypatch, clock.now() + timedelta(seconds=0.9))

    assert (before, words_in(SHANGHAI)) == ([["华东块"]] * 2, [[], []])


def test_a_released_version_shows_within_a_second_on_the_web_and_in_the_api(monkeypatch, committed):
    page, boss = make_topic("tea", block("text", body=words("旧茶"))), make_operator()
    move_to(monkeypatch, clock.now())
    assert all("旧茶" in shown_on(path) for path in (TOPICS[0], TOPICS[3]))

    with committed():
        blocks = [block("text", body=words("新茶"))]
        save_draft(page_id=page.pk, blocks=blocks, at=clock.now(), actor=boss)
        release_version(page_id=page.pk, at=clock.now(), actor=boss)
    move_to(monkeypatch, clock.now() + timedelta(seconds=0.9))

    assert all("新茶" in shown_on(path) for path in (TOPICS[0], TOPICS[3]))


def test_no_copy_of_a_topic_reaches_past_a_planned_release(monkeypatch):
    """Planned for in 20 seconds: nobody refreshes anything then."""
    page, boss = make_topic("tea", block("text", body=words("旧茶"))), make_operator()
    at = clock.now()
    save_draft(page_id=page.pk, blocks=[block("text", body=words("新茶"))], at=at, actor=boss)
    live_at = at + timedelta(seconds=20)
    release_version(page_id=page.pk, at=at, actor=boss, live_at=live_at)
    assert "旧茶" in shown_on(TOPICS[0])
    move_to(monkeypatch, live_at - timedelta(seconds=1))
    assert "旧茶" in shown_on(TOPICS[0])

    move_to(monkeypatch, live_at)

    assert "新茶" in shown_on(TOPICS[0])


def another_makes(rf, path: str) -> None:
    """Somebody else is just making the page anew: all others are shown the old copy."""
    window = page_window(rf.get(path))
    assert window is not None
    cache.add(f"{window.key}:maker", 1, 10)


def close_shop(committed) -> None:
    with committed():
        switch_maintenance(is_on=True, message_zh="盘点中", at=clock.now(), actor=make_operator())


def test_X_64_a_closed_shop_shows_no_copy_and_an_open_one_does_again(monkeypatch, committed, rf):
    product = make_goods()
    paths = ["/", f"/product/{product.pk}/", "/api/v1/catalog/products/"]
    assert [Client().get(path).status_code for path in paths * 2] == [200] * 6
    close_shop(committed)
    another_makes(rf, "/")
    GLANCE.forget()

    closed = [Client().get(path) for path in paths]

    assert [page.status_code for page in closed] == [503] * 3
    assert [page["Cache-Control"] for page in closed] == ["no-store"] * 3
    assert "盘点中" in closed[0].content.decode()
    with committed():
        switch_maintenance(is_on=False, at=clock.now(), actor=make_operator())
    GLANCE.forget()
    assert [Client().get(path).status_code for path in paths] == [200] * 3


def test_control_without_a_glance_at_the_shutter_an_old_copy_is_shown(monkeypatch, committed, rf):
    monkeypatch.setattr(GLANCE, "is_down", lambda at: False)
    Client().get("/")
    close_shop(committed)
    another_makes(rf, "/")

    assert Client().get("/").status_code == 200
