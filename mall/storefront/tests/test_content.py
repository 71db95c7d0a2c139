"""Pages of blocks as shoppers see them: order, windows, audiences, zones, topics, previews."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from catalog.models import Video
from catalog.services import store_video
from catalog.testing import film, make_category, make_media
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, signed_in
from members.models import Tier
from members.testing import make_operator
from promotions.models import ContentPage, HotPin
from promotions.selectors import drop_site_words, preview_token
from promotions.services import (
    PageValues,
    cancel_release,
    ensure_home,
    place_content,
    put_hot_ranking,
    release_version,
    save_draft,
    save_page,
    take_down_page,
)
from promotions.testing import make_coupon

pytestmark = pytest.mark.django_db
HOME = "/api/v1/catalog/home/"


def words(zh, en=""):
    return {"zh": zh, "en": en}


def block(kind, block_id="", **settings):
    return {"id": block_id or kind, "kind": kind, "settings": settings}


def slide(title, **more):
    return {"picture": make_media().pk, "title": words(title), "link": "/coupons/", **more}


def arrange(*blocks):
    """Release these blocks as the home page."""
    at, boss = clock.now(), make_operator()
    page = ensure_home(at=at, actor=boss)
    save_draft(page_id=page.pk, blocks=list(blocks), at=at, actor=boss)
    release_version(page_id=page.pk, at=clock.now(), actor=boss)
    return page


def make_topic(slug="office-tea", *blocks, released=True):
    at, boss = clock.now(), make_operator()
    values = PageValues(slug=slug, title_zh="办公室下午茶", title_en="Tea break")
    page = save_page(values=values, at=at, actor=boss)
    save_draft(page_id=page.pk, blocks=list(blocks), at=at, actor=boss)
    if released:
        release_version(page_id=page.pk, at=clock.now(), actor=boss)
    return page


def kinds_of_page(browser=None):
    shown = (browser or Client()).get("/").context["blocks"]
    return [one["kind"] for one in shown]


def kinds_of_api():
    return [one["kind"] for one in Client().get(HOME).json()["blocks"]]


def test_X_01_reordering_blocks_alters_page_and_api():
    make_goods("龙井")
    arrange(block("promises"), block("text", body=words("慢慢逛")))
    assert kinds_of_page() == ["stage", "promises", "text"]
    assert kinds_of_api() == ["promises", "text"]

    arrange(block("text", body=words("慢慢逛")), block("promises"))

    assert kinds_of_page() == ["stage", "text", "promises"]
    assert kinds_of_api() == ["text", "promises"]


def test_X_02_a_slide_past_its_end_is_absent_from_page_and_api():
    over = (clock.now() - timedelta(minutes=1)).isoformat()
    arrange(block("carousel", slides=[slide("还在"), slide("过期", ends_at=over)]))

    page, api = Client().get("/").content.decode(), Client().get(HOME).json()

    assert "还在" in page
    assert "过期" not in page
    assert [one["title"] for one in api["blocks"][0]["slides"]] == ["还在"]


def test_X_02_a_block_for_diamonds_is_shown_to_them_alone():
    audience = {"who": "tiers", "tiers": ["diamond"]}
    arrange({**block("text", body=words("钻石专享")), "audience": audience}, block("promises"))
    diamond, plain = make_shopper(), make_shopper()
    diamond.tier = Tier.objects.get(code="diamond")
    diamond.save()

    assert kinds_of_page(signed_in(diamond)) == ["stage", "text", "promises"]
    assert kinds_of_page(signed_in(plain)) == ["stage", "promises"]
    assert kinds_of_page() == ["stage", "promises"]
    assert kinds_of_api() == ["promises"]


def test_C_71_a_block_of_a_region_set_is_shown_there_and_to_who_said_nothing():
    audience = {"who": "everybody", "regions": "east"}
    arrange({**block("text", body=words("华东专享")), "audience": audience}, block("promises"))
    seen = {code: Client() for code in ("", "310115004", "650102002")}
    for code, browser in seen.items():
        if code:
            browser.cookies["region"] = code

    for _copies in range(2):
        shown = {code: kinds_of_page(browser) for code, browser in seen.items()}
        assert shown[""] == shown["310115004"] == ["stage", "text", "promises"]
        assert shown["650102002"] == ["stage", "promises"]

    there, elsewhere = (
        [one["kind"] for one in Client().get(HOME, {"region": code}).json()["blocks"]]
        for code in ("310115004", "650102002")
    )
    assert (there, elsewhere) == (["text", "promises"], ["promises"])


def test_X_02_floating_buttons_and_a_carousel_that_does_not_move_by_itself():
    button = {"icon": "chat", "label": words("客服"), "link": "/help/contact/"}
    arrange(
        block("carousel", slides=[slide("一"), slide("二")]), block("floating", buttons=[button])
    )

    text = Client().get("/").content.decode()

    assert text.count("carousel__dots") == 1
    assert "data-autoplay" not in text
    assert '<nav class="floating"' in text


def make_film(**values):
    """A video of the shop's own as a block names it."""
    video = store_video(film(15), kind=Video.Kind.DETAIL, at=clock.now())
    return {"video": video.pk, "title": words("采茶记", "Picking tea"), **values}


def test_X_02_a_video_is_drawn_on_the_page_and_told_by_the_api_with_its_poster():
    poster = make_media()
    arrange(block("video", **make_film(picture=poster.pk)))

    page = Client().get("/en/").content.decode()
    (told,) = Client().get(HOME).json()["blocks"]

    assert (told["kind"], told["title"]) == ("video", "采茶记")
    assert (told["width"], told["height"]) == (64, 36)
    assert told["url"].endswith(".mp4")
    drawn = f'<video class="film" controls preload="none" playsinline width="64" height="36" poster="{told["poster"]["url"]}" aria-label="Picking tea">'  # noqa: E501
    assert page.count(drawn) == page.count("<video ") == 1
    assert f'<source src="{told["url"]}" type="video/mp4">' in page


def test_X_02_a_video_waits_for_its_hour_and_plays_for_its_audience_alone():
    hour = clock.now() + timedelta(hours=1)
    arrange(
        {**block("video", "later", **make_film()), "starts_at": hour.isoformat()},
        {**block("video", "members", **make_film()), "audience": {"who": "members"}},
        block("promises"),
    )

    assert kinds_of_page() == ["stage", "promises"]
    assert kinds_of_api() == ["promises"]
    mine = signed_in(make_shopper()).get("/").context["blocks"]
    assert [one["id"] for one in mine] == ["stage", "members", "promises"]


def test_X_05_a_draft_is_invisible_and_published_it_is_visible():
    page = make_topic("draft-page", block("text", body=words("正文")), released=False)
    assert Client().get("/topic/draft-page/").status_code == 404

    release_version(page_id=page.pk, at=clock.now(), actor=make_operator())

    assert "正文" in Client().get("/topic/draft-page/").content.decode()


def test_X_05_a_preview_opens_for_its_link_alone():
    page = make_topic("draft-page", block("text", body=words("草稿正文")), released=False)
    token = preview_token(page.versions.get())

    shown = Client().get(f"/preview/{token}/")

    assert "草稿正文" in shown.content.decode()
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "noindex" in shown["X-Robots-Tag"]
    assert Client().get("/preview/abc:def/").status_code == 404


def test_P_61_a_topic_has_products_coupons_and_a_countdown():
    tea = make_goods("龙井")
    coupon = make_coupon()
    until = (clock.now() + timedelta(days=3)).isoformat()
    make_topic(
        "office-tea",
        block("countdown", title=words("倒计时"), target_at=until),
        block("coupons", coupons=[coupon.pk]),
        block("products", products=[tea.pk], title=words("茶")),
    )

    page = Client().get("/topic/office-tea/")
    api = Client().get("/api/v1/catalog/topics/office-tea/").json()

    assert [one["kind"] for one in page.context["blocks"]] == ["countdown", "coupons", "products"]
    assert [one["kind"] for one in api["blocks"]] == ["countdown", "coupons", "products"]
    assert api["blocks"][2]["cards"][0]["id"] == tea.pk
    assert 'role="timer"' in page.content.decode()
    assert "Tea break" in Client().get("/en/topic/office-tea/").content.decode()
    assert "/topic/office-tea/" in Client().get("/topics/").content.decode()
    assert Client().get("/api/v1/catalog/topics/").json()["results"][0]["slug"] == "office-tea"


def test_a_planned_release_begins_by_the_clock_and_may_be_called_off():
    page, boss = make_topic("plan", block("text", body=words("旧"))), make_operator()
    save_draft(page_id=page.pk, blocks=[block("promises")], at=clock.now(), actor=boss)
    at = clock.now()
    live_at = at + timedelta(milliseconds=300)
    release_version(page_id=page.pk, at=at, actor=boss, live_at=live_at)
    assert "旧" in Client().get("/topic/plan/").content.decode()

    later = at + timedelta(days=1)
    save_draft(page_id=page.pk, blocks=[block("text", body=words("新"))], at=at, actor=boss)
    planned = release_version(page_id=page.pk, at=at, actor=boss, live_at=later)
    cancel_release(page_id=page.pk, release_id=planned.pk, at=clock.now(), actor=boss)
    planned.refresh_from_db()
    assert planned.cancelled_at is not None

    take_down_page(page_id=page.pk, at=clock.now() + timedelta(seconds=1), actor=boss)
    assert ContentPage.objects.filter(slug="plan").exists()


def test_C_10_the_best_of_the_week_leads_and_a_pin_goes_before_it():
    best, second, pinned = make_goods("爆款"), make_goods("次之"), make_goods("置顶")
    put_hot_ranking(pieces={best.pk: 9, second.pk: 4}, at=clock.now())
    arrange(block("hot", count=3))

    def ranking():
        return [card["id"] for card in Client().get(HOME).json()["blocks"][0]["cards"]]

    assert ranking()[:2] == [best.pk, second.pk]
    place_content(row=HotPin(product=pinned), changed=["product"], at=clock.now())
    drop_site_words()
    assert ranking() == [pinned.pk, best.pk, second.pk]
    cards = Client().get("/hot/").context["cards"]
    assert [card["id"] for card in cards] == [pinned.pk, best.pk, second.pk]


def test_C_11_goods_of_today_are_new_and_those_of_31_days_ago_are_not():
    today, old = make_goods("今日上新"), make_goods("上月上架")
    type(old).objects.filter(pk=old.pk).update(listed_at=clock.now() - timedelta(days=31))
    type(today).objects.filter(pk=today.pk).update(listed_at=clock.now())
    for product in (today, old):
        product.shelf_cards.update(listed_at=type(product).objects.get(pk=product.pk).listed_at)
    arrange(block("new", count=10))

    cards = Client().get(HOME).json()["blocks"][0]["cards"]

    assert [card["id"] for card in cards] == [today.pk]


def test_a_page_asks_as_often_for_forty_blocks_as_for_few():
    goods = [make_goods(f"商品{n}", category=make_category()) for n in range(6)]
    rows = [block("products", f"p-{n}", products=[goods[n % 6].pk]) for n in range(38)]
    arrange(*rows[:2], block("hot"), block("new"))
    Client().get(HOME)
    with count_queries() as few:
        Client().get(HOME)

    arrange(*rows, block("hot"), block("new"))

    with count_queries() as many:
        Client().get(HOME)
    assert len(few) == len(many)


def shared_picture(slug):
    found = re.search(r'property="og:image" content="([^"]*)"', text_of(f"/topic/{slug}/"))
    return found and found[1]


def text_of(path):
    return Client().get(path).content.decode()


def test_M_65_a_topic_is_shared_with_its_cover_else_with_what_it_shows_first(settings):
    settings.SITE_URL = "https://mall.example.cn"
    goods, cover = make_goods("龙井"), make_media()
    topic = make_topic("spring", block("products", products=[goods.pk]))
    make_topic("words", block("text", body=words("正文", "Words")))

    shown = shared_picture("spring")
    ContentPage.objects.filter(pk=topic.pk).update(cover=cover)
    covered = shared_picture("spring")

    picture = goods.gallery.get().media.file
    assert shown == f"https://mall.example.cn{picture.url}"
    assert covered == f"https://mall.example.cn{cover.file.url}"
    assert shared_picture("words") is None
