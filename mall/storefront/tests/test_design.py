"""The page of the design system: every component is on it; for builders, not for shoppers."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from mall.storefront.tests.shop import make_words
from members.testing import make_operator

pytestmark = pytest.mark.django_db
SHOWN = (
    "btn btn--honey",
    "stepper",
    "badge badge--tier",
    "chip",
    "countdown",
    "field is-bad",
    "card",
    "grid is-waiting",
    "receipt__row is-off",
    "near",
    "status",
    "trace",
    "ticket ticket--free",
    "tier tier--diamond",
    "empty",
    "alert alert--danger",
)


@pytest.fixture(autouse=True)
def words():
    make_words()


def design(client=None, **headers):
    return (client or Client()).get(reverse("storefront:design"), **headers)


@pytest.mark.parametrize("component", SHOWN)
def test_the_page_shows(component):
    assert f'class="{component}' in design().content.decode()


def test_the_sample_receipt_adds_up():
    page = design().content.decode()
    paper = page[page.index('<section class="receipt"') :]
    cells = re.findall(r"<dd>([\u2212\-0-9.]+)</dd>", paper)
    amounts = [float(cell.replace("\u2212", "-")) for cell in cells]

    assert sum(amounts) == pytest.approx(52.71)


def test_every_icon_of_the_sheet_is_shown():
    sheet = (Path(settings.BASE_DIR) / "static/img/icons.svg").read_text(encoding="utf-8")
    names = set(re.findall(r'symbol id="i-([a-z0-9]+)"', sheet))
    page = design().content.decode()

    assert {name for name in names if f"#i-{name}" not in page} == set()


def test_a_real_shop_shows_it_to_operators_only(settings):
    settings.DEMO = False
    assert design().status_code == 404

    desk = Client()
    desk.force_login(make_operator(), backend="members.backends.AccountBackend")
    assert design(desk).status_code == 200
