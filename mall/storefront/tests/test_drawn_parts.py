"""A part of a page that is drawn once for the same values shows what it would show drawn anew, and
nothing of a visitor."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, RequestContext, Template
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.safestring import SafeString

from mall.storefront.templatetags.drawn_tags import MOST_DRAWN, _drawn

TEMPLATES = Path(settings.BASE_DIR) / "templates"
CARD = {
    "id": 7,
    "name": "茶壶 <b>",
    "subtitle": "",
    "image": None,
    "price_fen": 9_000,
    "price_to_fen": 9_000,
    "list_price_fen": 12_000,
    "is_list_price_suggested": False,
    "badges": [{"kind": "new", "label": "新品"}],
    "sales_count": 3,
    "buyers_count": 0,
    "rating": {"average_x10": 0, "count": 0},
    "in_stock": True,
}
PAGE = Template('{% load drawn_tags %}{% drawn "components/_card_words.html" card=card %}')
WHOLE = Template('{% include "components/_card.html" %}')

PARTS = sorted(
    {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'{% drawn "([\w/]+\.html)"', path.read_text())
    }
)


@pytest.fixture(autouse=True)
def nothing_drawn_yet():
    _drawn.cache_clear()
    yield
    _drawn.cache_clear()


def draw(page: Template, **values) -> str:
    return page.render(Context({"card": {**CARD, **values}}))


def test_the_same_values_are_drawn_once_and_others_anew():
    first, again = draw(PAGE), draw(PAGE)
    other = draw(PAGE, price_fen=8_000)

    assert first == again
    assert first != other
    assert "<i>¥</i>80" in other
    assert (_drawn.cache_info().hits, _drawn.cache_info().misses) == (1, 2)


def test_each_language_is_drawn_by_itself():
    with translation.override("zh-hans"):
        chinese = draw(PAGE)
    with translation.override("en"):
        english = draw(PAGE)

    assert chinese != english
    assert 'href="/en/product/7/"' in english
    assert 'href="/product/7/"' in chinese


def test_what_is_safe_and_what_is_not_are_never_taken_for_each_other():
    safe = draw(PAGE, name=SafeString("<b>x</b>"))
    unsafe = draw(PAGE, name="<b>x</b>")

    assert "<b>x</b>" in safe
    assert "&lt;b&gt;x&lt;/b&gt;" in unsafe


def test_nothing_that_was_not_named_is_seen():
    page = Template('{% load drawn_tags %}{% drawn "components/_card_words.html" card=card %}')
    request = RequestFactory().get("/", headers={"cookie": "cart=secret"})
    context = RequestContext(request, {"card": CARD, "card_source": "secret", "secret": "secret"})

    assert "secret" not in page.render(context)


def test_a_card_with_a_button_has_the_token_of_its_own_visitor():
    one, other = (
        WHOLE.render(Context({"card": CARD, "card_add": True, "csrf_token": token}))
        for token in ("token-of-one", "token-of-other")
    )

    assert "token-of-one" in one
    assert "token-of-other" not in one
    assert "token-of-other" in other
    assert one.replace("token-of-one", "") == other.replace("token-of-other", "")


def test_no_more_parts_are_kept_than_a_process_has_room_for():
    assert _drawn.cache_info().maxsize == MOST_DRAWN


@pytest.mark.parametrize("name", PARTS)
def test_a_part_names_nothing_that_is_a_visitors_own(name):
    texts = [(TEMPLATES / name).read_text()]
    texts += [
        (TEMPLATES / inside).read_text()
        for inside in re.findall(r'{% include "([\w/]+\.html)"', texts[0])
    ]

    for text in texts:
        assert re.findall(r"\b(?:request|shell|csrf_token|nonce|fragment|user)\b", text) == []


def test_a_card_without_a_button_is_the_same_drawn_whole_or_in_parts():
    whole = Template('{% load drawn_tags %}{% drawn "components/_card_plain.html" card=card %}')

    assert "".join(draw(whole).split()) == "".join(draw(WHOLE).split())


@pytest.mark.django_db
def test_the_head_and_foot_of_every_page_are_drawn_once_for_all_strangers(client):
    client.get("/help/contact/")
    drawn_before = _drawn.cache_info().misses

    first, second = (client.get("/help/contact/") for client in (Client(), Client()))

    assert drawn_before > 0
    assert _drawn.cache_info().misses == drawn_before
    assert first.status_code == second.status_code
