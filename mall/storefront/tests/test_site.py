"""The shop as a whole: maintenance, brand, news over pages, help, pop-ups, landing pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from catalog.testing import make_media
from mall.kernel import clock
from mall.storefront.shutter import GLANCE
from mall.storefront.tests.shop import make_shopper, signed_in
from members.testing import make_operator
from orders.testing import make_order
from promotions.errors import ColoursUnreadable
from promotions.models import (
    Announcement,
    HelpPage,
    LandingPage,
    LandingVariant,
    LandingVisit,
    PopUp,
    SiteSettings,
)
from promotions.selectors import drop_site_words, landing_figures
from promotions.services import (
    PageValues,
    note_registered,
    release_version,
    save_draft,
    save_page,
    save_pop_up,
    save_site_settings,
    switch_maintenance,
)

pytestmark = pytest.mark.django_db


def make_help(slug="returns", **values):
    texts = {"title_zh": "退换", "title_en": "Returns", "body_zh": "七天无理由退货", "body_en": "x"}
    return HelpPage.objects.create(slug=slug, **{**texts, **values})


def make_pop_up(**values):
    row = PopUp(name="满减", title_zh="满 300 减 50", link="/coupons/", is_active=True, **values)
    save_pop_up(row=row, changed=["name"], at=clock.now(), actor=make_operator())
    return row


def look_again():
    """What a fifth of a second does, and the words' minute."""
    drop_site_words()
    GLANCE.forget()


def test_X_64_while_closed_shoppers_read_503_and_operators_go_on(client):
    boss, until = make_operator(is_superuser=True), clock.now() + timedelta(minutes=10)
    switch_maintenance(is_on=True, message_zh="盘点中", until=until, at=clock.now(), actor=boss)
    look_again()

    page, api = client.get("/"), client.get("/api/v1/catalog/home/")

    assert (page.status_code, api.status_code) == (503, 503)
    assert "盘点中" in page.content.decode()
    assert api["Content-Type"].startswith("application/problem+json")
    assert api.json()["code"] == "shop.closed"
    assert 0 < int(page["Retry-After"]) <= 601
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/site/").json()["maintenance"]["is_on"] is True
    assert client.post("/api/v1/payments/sandbox/notify/").status_code != 503
    switch_maintenance(is_on=False, at=clock.now(), actor=boss)
    look_again()
    assert client.get("/").status_code == 200


def test_X_03_X_64_a_closed_shop_keeps_its_name_and_its_colours(client):
    boss, until = make_operator(is_superuser=True), datetime(2100, 4, 4, 10, 22, tzinfo=UTC)
    values = {"brand_colour": "#0A4D8C", "name_zh": "蓝色商城"}
    save_site_settings(values=values, at=clock.now(), actor=boss)
    switch_maintenance(is_on=True, until=until, at=clock.now(), actor=boss)
    look_again()

    page = client.get("/")
    text = page.content.decode()

    assert page.status_code == 503
    assert '<span class="logo__name">蓝色商城</span>' in text
    sheet = text.split('href="/brand-')[1].split('"')[0]
    assert "--brand:#0A4D8C" in client.get(f"/brand-{sheet}").content.decode()
    assert "4月4日 18:22" in text


def test_X_64_the_shop_opens_by_the_clock_without_a_job(client):
    past = clock.now() - timedelta(seconds=1)
    switch_maintenance(is_on=True, until=past, at=clock.now(), actor=make_operator())
    look_again()

    assert client.get("/").status_code == 200


def test_X_64_a_bar_of_news_stands_over_every_page_until_it_is_over(client):
    at = clock.now()
    Announcement.objects.create(
        title_zh="快递延误", title_en="Late", level="warning", is_bar=True, starts_at=at
    )
    Announcement.objects.create(
        title_zh="已经结束", title_en="Over", is_bar=True, starts_at=at - timedelta(1), ends_at=at
    )

    text = client.get("/coupons/").content.decode()

    assert "news-bar--warning" in text
    assert "快递延误" in text
    assert "已经结束" not in text


def test_X_03_a_main_colour_restyles_pages_and_a_pale_one_is_refused(client):
    boss = make_operator()
    values = {"brand_colour": "#0A4D8C", "name_zh": "蓝色商城"}
    save_site_settings(values=values, at=clock.now(), actor=boss)
    drop_site_words()

    text = client.get("/coupons/").content.decode()
    path = text.split('href="/brand-')[1].split('"')[0]
    sheet = client.get(f"/brand-{path}")

    assert "蓝色商城" in text
    assert "--brand:#0A4D8C" in sheet.content.decode()
    assert "immutable" in sheet["Cache-Control"]
    assert client.get(f"/brand-{path}", HTTP_IF_NONE_MATCH=sheet["ETag"]).status_code == 304
    assert client.get("/api/v1/site/").json()["colours"]["brand"] == "#0A4D8C"
    with translation.override("en"), pytest.raises(ColoursUnreadable, match="needs 4.5"):
        save_site_settings(values={"brand_colour": "#FFD166"}, at=clock.now(), actor=boss)
    assert SiteSettings.objects.get().brand_colour == "#0A4D8C"


def test_X_12_a_published_page_is_found_by_a_word_of_its_body_and_a_draft_is_not(client):
    make_help()
    make_help("secret", title_zh="草稿", body_zh="七天无理由草稿", is_published=False)

    found = client.get("/help/", {"q": "无理由"}).context["found"]

    assert [row["slug"] for row in found] == ["returns"]
    assert "七天" in client.get("/help/returns/").content.decode()
    assert client.get("/help/secret/").status_code == 404
    api = client.get("/api/v1/help/", {"q": "无理由"}).json()["results"]
    assert [row["slug"] for row in api] == ["returns"]
    assert client.get("/api/v1/help/secret/").status_code == 404


def test_X_12_a_page_in_the_list_is_quoted_in_one_line_and_named_once(client):
    chinese, english = "满 300 减 50。\n\n券再减 20。", "Over 300, 50 off.\n\nThen a coupon."
    make_help(body_zh=chinese, body_en=english)
    make_help("privacy", topic="privacy", title_zh="隐私政策")

    told = {path: client.get(path).context["found"] for path in ("/help/", "/en/help/")}

    assert told["/help/"][0]["text"] == "满 300 减 50。券再减 20。"
    assert told["/en/help/"][0]["text"] == "Over 300, 50 off. Then a coupon."
    assert [row["topic"] for row in told["/help/"]] == ["关于我们", ""]


def test_X_12_the_footer_names_the_versions_of_the_policies(client):
    make_help("privacy", topic="privacy", title_zh="隐私政策", version="2026-11")

    text = client.get("/coupons/").content.decode()

    assert "/help/privacy/" in text
    assert "2026-11" in text


def test_P_62_a_pop_up_shows_once_per_day_per_member():
    row, browser = make_pop_up(), signed_in(make_shopper())
    ask = "/pop-ups/?place=home"
    assert "满 300 减 50" in browser.get(ask).content.decode()

    first = browser.post(f"/pop-ups/{row.pk}/shown/")
    second = browser.post(f"/pop-ups/{row.pk}/shown/")

    assert (first.status_code, second.status_code) == (204, 409)
    assert "dialog" not in browser.get(ask).content.decode()
    assert "dialog" in signed_in(make_shopper()).get(ask).content.decode()


def test_P_62_closed_it_rests_for_its_days_on_a_device_too(client):
    row = make_pop_up(per_day=5, rest_days=7)
    client.get("/pop-ups/?place=home")

    client.post(f"/pop-ups/{row.pk}/closed/")

    assert "dialog" not in client.get("/pop-ups/?place=home").content.decode()
    assert "dialog" in Client().get("/pop-ups/?place=home").content.decode()


def test_P_62_rules_of_audience_and_place_hold(client):
    make_pop_up(who="new", places=["cart"])
    old = make_shopper()
    old.joined_at = clock.now() - timedelta(days=40)
    old.save()
    fresh = make_shopper()
    fresh.joined_at = clock.now()
    fresh.save()

    def sees(browser, place):
        return "dialog" in browser.get(f"/pop-ups/?place={place}").content.decode()

    assert sees(signed_in(fresh), "cart")
    assert not sees(signed_in(fresh), "home")
    assert not sees(signed_in(old), "cart")
    assert not sees(client, "cart")


def test_X_13_a_landing_counts_visits_and_who_registered_by_channel():
    at, boss = clock.now(), make_operator()
    values = PageValues(kind="landing", slug="spring-ad", title_zh="春茶上市")
    page = save_page(values=values, at=at, actor=boss)
    body = {"body": {"zh": "春茶", "en": ""}}
    save_draft(page_id=page.pk, blocks=[{"id": "t", "kind": "text", "settings": body}],
               at=at, actor=boss)  # fmt: skip
    release_version(page_id=page.pk, at=clock.now(), actor=boss)
    landing = LandingPage.objects.create(slug="spring", title="春茶投放")
    LandingVariant.objects.create(landing=landing, page=page)
    first, second = Client(), Client()

    for browser in (first, first, second):
        shown = browser.get("/l/spring/?channel=douyin&utm_campaign=tea")
        assert "春茶" in shown.content.decode()
    visit = LandingVisit.objects.order_by("pk").first()
    note_registered(visitor=visit.visitor, member_id=make_shopper().pk, at=clock.now())

    (row,) = landing_figures(at - timedelta(hours=1), clock.now() + timedelta(hours=1))
    assert (row.channel, row.visits, row.registered) == ("douyin", 2, 1)


def test_X_03_the_logo_stands_wherever_the_shop_names_itself(client, settings):
    logo = make_media()
    values = {"logo": logo, "name_zh": "蓝色商城"}
    save_site_settings(values=values, at=clock.now(), actor=make_operator())
    drop_site_words()
    member = make_shopper()
    order = make_order(member=member, at=clock.now())
    own = signed_in(member)

    pages = [
        client.get("/"),
        client.get("/nowhere/"),
        own.get(f"/orders/{order.number}/pay/"),
        own.get(f"/checkout/?sku_id={order.lines.get().sku_id}&quantity=1"),
    ]

    for page in pages:
        text = page.content.decode()
        assert f'<img class="bare" src="{logo.file.url}"' in text, page.request
        assert f'<link rel="icon" href="{logo.file.url}"' in text
        assert "img/logo.svg" not in text
    (address,) = re.findall(r'"logo":\s*"([^"]+)"', pages[0].content.decode())
    assert address == f"{settings.SITE_URL}{logo.file.url}"


def test_X_12_the_legal_footer_names_icp_licence_and_both_policies_by_version(client):
    for topic, title in (("privacy", "隐私政策"), ("agreement", "用户协议")):
        make_help(topic, topic=topic, title_zh=title, version="2026-11")
    values = {
        "icp": "沪ICP备12345678号-1",
        "licence_text": "营业执照 91310000MA1",
        "licence_url": "/help/agreement/",
    }
    save_site_settings(values=values, at=clock.now(), actor=make_operator())
    drop_site_words()

    for path in ("/", "/coupons/", "/help/"):
        text = client.get(path).content.decode()
        base = text[text.index("footer__base") :]
        assert "沪ICP备12345678号-1" in base
        assert '<a href="/help/agreement/">营业执照 91310000MA1</a>' in base
        assert "隐私政策（版本 2026-11）" in base
        assert "用户协议（版本 2026-11）" in base


def test_P_62_a_tier_and_a_place_on_the_map_hold(client):
    make_pop_up(who="tiers", tier_codes=["gold"])
    gold, plain = make_shopper(tier="gold"), make_shopper()
    ask = "/pop-ups/?place=home"
    seen = ["dialog" in signed_in(one).get(ask).content.decode() for one in (gold, plain)]
    assert seen == [True, False]

    PopUp.objects.update(who="everybody", region_prefixes=["65"])
    client.cookies["region"] = "3301"
    assert "dialog" not in client.get(ask).content.decode()
    client.cookies["region"] = "6501"
    assert "dialog" in client.get(ask).content.decode()
