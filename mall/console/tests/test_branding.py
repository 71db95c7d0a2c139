"""The console wears the shop's name, logo and colours, and can be read in them (X-03)."""

import pytest
from django.urls import reverse

from catalog.testing import make_media
from mall.console.testing import client_of
from mall.kernel import clock
from members.testing import make_operator
from promotions.services import save_site_settings

BLUE = "#0A4D8C"


@pytest.fixture
def branded(db):
    """A shop with a name, a logo and a colour of its own."""
    values = {"name_zh": "蓝色商城", "name_en": "Blue Mall", "brand_colour": BLUE}
    return save_site_settings(
        values={**values, "logo": make_media()}, at=clock.now(), actor=make_operator()
    )


def test_X_03_header_name_logo_and_colours_are_the_brands(branded):
    client = client_of(make_operator(is_superuser=True))

    page = client.get(reverse("admin:index"))

    text = page.content.decode()
    assert "Blue Mall console" in page.context["site_title"]
    assert page.context["site_header"] == "Blue Mall"
    assert f'src="/media/{branded.logo.file.name}"' in text
    assert "--color-primary-600: rgb(10, 77, 140)" in text
    sheet = next(style for style in page.context["styles"] if style.startswith("/brand-"))
    assert f"--header:{BLUE}" in client.get(sheet).content.decode()


@pytest.mark.django_db
def test_X_03_a_shop_without_colours_keeps_the_houses(client):
    text = client.get(reverse("admin:login")).content.decode()

    assert "--color-primary-600: rgb(27, 86, 70)" in text
    assert "/static/img/logo.svg" in text
