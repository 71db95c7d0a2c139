"""Days and instants of the desk have one short form in both languages, by the shop's clock."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils import translation
from django.utils.formats import date_format, get_format

from mall.console.testing import client_of
from members.testing import make_operator
from promotions.testing import make_coupon

LANGUAGES = ("zh-hans", "en")
EVENING = datetime(2026, 11, 23, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_and_an_instant_are_written_alike(language):
    with translation.override(language):
        assert date_format(date(2026, 11, 3), "DATE_FORMAT") == "2026-11-03"
        assert date_format(EVENING.replace(tzinfo=None), "DATETIME_FORMAT") == "2026-11-23 18:05"
        assert get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_shows_what_it_reads(language):
    with translation.override(language):
        shown = AdminSplitDateTime().get_context("at", EVENING, {})["widget"]["subwidgets"]

    assert [part["value"] for part in shown] == ["2026-11-24", "02:05"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_and_pages_write_the_shops_clock(language):
    coupon = make_coupon(starts_at=EVENING, ends_at=EVENING.replace(year=2027))
    client = client_of(make_operator())
    client.cookies["django_language"] = language

    listed = client.get("/admin/promotions/coupon/").content.decode()
    form = client.get(f"/admin/promotions/coupon/{coupon.pk}/change/").content.decode()

    assert "2026-11-24 02:05" in listed
    assert "2027-11-24 02:05" in listed
    for piece in ('value="2026-11-24"', 'value="02:05"'):
        assert piece in form
