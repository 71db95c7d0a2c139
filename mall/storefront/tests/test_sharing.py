"""Shared pages by their codes, posters, talks before buying (M-65, X-61)."""

import io
from datetime import datetime, timedelta

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import translation
from PIL import Image

from catalog.testing import make_media
from mall.kernel import clock
from mall.kernel.errors import NotFound
from members.models import Ticket
from members.services import close_ticket, say_as_shop
from members.testing import make_member, make_operator
from orders.models import CartLine
from orders.selectors import enquiry_figures
from orders.services import refresh_shelf
from orders.testing import NOON, make_order, make_stocked_sku
from promotions.errors import PosterFontMissing
from promotions.models import ShareScene, ShareVisit, SiteSettings
from promotions.selectors import drop_site_words, share_card
from promotions.services import open_scene
from promotions.testing import make_coupon, posters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def sku():
    sku = make_stocked_sku(title_zh="桂花乌龙")
    refresh_shelf(NOON, [sku.product_id])
    return sku


def url(name, *args):
    return reverse(f"storefront:{name}", args=args)


def code_of(member, sku):
    target = str(sku.product_id)
    return open_scene(member_id=member.pk, kind="product", target=target, at=clock.now()).code


def test_M_65_a_visit_by_the_sharers_code_is_counted_once_a_day_and_leads_to_the_page(client, sku):
    sharer, friend = make_member(), make_member()
    code = code_of(sharer, sku)
    client.force_login(friend.account)

    for _twice in range(2):
        landed = client.get(url("share_visit", code))

    assert landed.url.endswith(f"/product/{sku.product_id}/?source=share%3A{code}")
    scene = ShareScene.objects.get()
    assert (scene.member, scene.visits, ShareVisit.objects.get().member) == (sharer, 1, friend)


def test_M_65_what_is_bought_after_a_visit_names_the_share_on_its_line(client, sku):
    sharer = make_member()
    code = code_of(sharer, sku)
    client.force_login(make_member().account)
    client.get(url("share_visit", code))

    client.post(url("cart_add"), {"product_id": sku.product_id, "quantity": "1"})

    assert CartLine.objects.get().source == f"share:{code}"


def test_the_sharers_own_visit_is_none_and_unknown_codes_and_kinds_are_not_there(client, sku):
    sharer = make_member()
    code = code_of(sharer, sku)
    client.force_login(sharer.account)

    client.get(url("share_visit", code))

    assert not ShareVisit.objects.exists()
    assert client.get(url("share_visit", "nothing")).status_code == 404
    assert client.get(url("share", "product", "999999")).status_code == 404
    assert client.get(url("share", "house", "1")).status_code == 404


def test_M_65_the_poster_is_a_picture_drawn_once(client, sku, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = client.get(url("share", "product", sku.product_id))

    first = client.get(page.context["poster"])
    second = client.get(page.context["poster"])

    data = b"".join(first.streaming_content)
    with Image.open(io.BytesIO(data)) as poster:
        assert poster.size == (posters.WIDTH, posters.HEIGHT)
    assert data == b"".join(second.streaming_content)
    assert len(list(tmp_path.rglob("*.png"))) == 1
    assert first["Content-Type"] == "image/png"


def test_a_machine_without_a_chinese_font_says_so(monkeypatch):
    monkeypatch.setattr(posters, "FONTS", ())
    posters._font.cache_clear()

    with pytest.raises(PosterFontMissing):
        posters.draw_poster(posters.Poster(brand="集市", title="茶", hint="扫码", link="http://a"))
    posters._font.cache_clear()


def test_a_group_is_shared_by_its_number_and_a_draft_product_is_not(sku):
    with pytest.raises(NotFound):
        share_card("group", "G0", NOON)
    with pytest.raises(NotFound):
        share_card("product", "x", NOON)
    assert share_card("product", str(sku.product_id), NOON).words["title_zh"]
    assert make_media().pk


def test_X_61_a_talk_from_a_product_shows_its_card_and_a_later_order_counts_for_the_agent(
    client, sku
):
    shopper, agent, now = make_member(), make_operator(), clock.now()
    client.force_login(shopper.account)

    client.post(url("product_ask", sku.product_id), {"text": "几天到？"})
    ticket = Ticket.objects.get()
    page = client.get(url("ticket", ticket.number))
    say_as_shop(ticket=ticket, text="后天", actor=agent, at=now)
    client.post(url("ticket", ticket.number), {"text": "好的"})

    assert page.context["product"]["id"] == sku.product_id
    ticket.refresh_from_db()
    assert (ticket.agent, ticket.state, ticket.messages.count()) == (agent, "open", 3)
    span = (now - timedelta(days=1), now + timedelta(days=1))
    assert [(row.asked, row.bought) for row in enquiry_figures(*span)] == [(1, 0)]
    make_order(member=shopper, sku=sku, paid=True, at=now + timedelta(days=2))
    (figures,) = enquiry_figures(*span)
    assert (figures.agent, figures.asked, figures.bought) == (agent.username or "", 1, 1)


def test_an_order_after_a_week_or_of_something_else_does_not_count(sku):
    shopper, at = make_member(), NOON
    Ticket.objects.create(
        member=shopper, kind="product", subject=str(sku.product_id), opened_at=at, spoken_at=at
    )
    make_order(member=shopper, paid=True, at=at + timedelta(days=1))
    make_order(member=shopper, sku=sku, paid=True, at=at + timedelta(days=8))

    (figures,) = enquiry_figures(at, at + timedelta(days=1))

    assert (figures.agent, figures.asked, figures.bought) == ("", 1, 0)


def test_a_talk_is_its_shoppers_alone_and_ends_when_it_is_closed(client, sku):
    shopper = make_member()
    client.force_login(shopper.account)
    client.post(url("product_ask", sku.product_id), {"text": "在吗"})
    client.post(url("product_ask", sku.product_id), {"text": "还在吗"})
    ticket = Ticket.objects.get()
    assert ticket.messages.count() == 2

    client.force_login(make_member().account)
    assert client.get(url("ticket", ticket.number)).status_code == 404
    client.force_login(shopper.account)
    close_ticket(ticket=ticket, actor=make_operator(), at=clock.now())
    page = client.post(url("ticket", ticket.number), {"text": "喂"})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert ticket.messages.count() == 2
    assert b"<textarea" not in client.get(url("ticket", ticket.number)).content


@pytest.mark.parametrize("typed", ["{}", "0{}", "000{}"])
def test_M_65_a_product_has_one_scene_however_its_number_is_written(client, sku, typed):
    code = code_of(make_member(), sku)
    kept = open_scene(member_id=None, kind="product", target=str(sku.product_id), at=clock.now())

    page = client.get(url("share", "product", typed.format(sku.product_id)))
    answer = client.get(
        "/api/v1/share-cards/", {"kind": "product", "id": typed.format(sku.product_id)}
    )

    assert kept.code in page.context["link"]
    assert (answer.json()["scene"], answer.json()["id"]) == (kept.code, str(sku.product_id))
    assert code != kept.code
    assert ShareScene.objects.count() == 2


def test_M_65_the_card_of_a_coupon_says_its_threshold_and_its_last_day():
    until = datetime(2026, 12, 1, tzinfo=clock.SHANGHAI)
    coupon = make_coupon(threshold_fen=5_900, ends_at=until)
    free = make_coupon(ends_at=until.replace(year=2031))
    at = datetime(2026, 11, 23, tzinfo=clock.SHANGHAI)

    near, far = (share_card("coupon", str(one.pk), at).words for one in (coupon, free))

    assert (near["text_zh"], near["text_en"], far["text_en"]) == (
        "满 59 可用 · 11.30 到期",
        "Over ¥59 · until 30 Nov",
        "No minimum · until 30 Nov 2031",
    )


@pytest.mark.parametrize(
    ("lives", "words"),
    [
        (
            {"valid_days": 1},
            "Over ¥59 · 1 day after you take it",
        ),
        (
            {"valid_days": 7},
            "Over ¥59 · 7 days after you take it",
        ),
        ({"valid_days": 0}, "Over ¥59"),
        ({"valid_minutes": 90}, "Over ¥59"),
    ],
)
def test_M_65_the_card_of_a_coupon_that_runs_from_when_it_is_taken_names_no_day(lives, words):
    until = datetime(2026, 12, 1, tzinfo=clock.SHANGHAI)
    coupon = make_coupon(threshold_fen=5_900, ends_at=until, **lives)
    at = datetime(2026, 11, 23, tzinfo=clock.SHANGHAI)

    card = share_card("coupon", str(coupon.pk), at).words

    assert card["text_en"] == words


def test_M_65_what_has_no_picture_is_shared_with_the_logo_else_with_the_houses_own(
    client, settings
):
    asked = f"/api/v1/share-cards/?kind=coupon&id={make_coupon().pk}"
    house = client.get(asked).json()["image"]
    logo = make_media()
    SiteSettings.objects.update_or_create(pk=1, defaults={"logo": logo})
    drop_site_words()

    own = client.get(asked).json()["image"]

    assert house["url"].endswith(".png")
    assert finders.find(house["url"].removeprefix(settings.STATIC_URL))
    assert (own["url"], own["width"], own["height"]) == (logo.file.url, logo.width, logo.height)
