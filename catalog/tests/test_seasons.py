"""C-24: goods of the season come first while its window is open; C-25: what goes with what."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from catalog.models import RelatedCategory, SeasonTag
from catalog.selectors import companion_cards, season_now
from catalog.testing import make_category, make_operator, make_product, make_root, shelve
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db

JULY = datetime(2026, 7, 15, 4, tzinfo=UTC)
JANUARY = datetime(2026, 1, 15, 4, tzinfo=UTC)


def make_season(code, starts_on, ends_on, *products, **values):
    tag = SeasonTag.objects.create(
        code=code,
        title_zh=code,
        title_en=code,
        starts_on=starts_on,
        ends_on=ends_on,
        **values,
    )
    tag.products.set(products)
    return tag


def ids(rows):
    return [row["product_id"] for row in rows]


def test_C_24_in_july_the_summer_goods_are_in_the_seasonal_block_and_in_january_the_winter_ones():
    summer, hot, winter = make_product("凉席"), make_product("防晒衣"), make_product("羽绒服")
    type(hot).objects.filter(pk=hot.pk).update(sales_count=9)
    shelve(summer, hot, winter)
    make_season("summer", "06-01", "09-01", summer, hot)
    make_season("winter", "11-15", "03-01", winter)

    july, january = season_now(JULY), season_now(JANUARY)

    assert (july.title_en, ids(july.cards)) == ("summer", [hot.pk, summer.pk])
    assert (january.title_en, ids(january.cards)) == ("winter", [winter.pk])
    with count_queries(at_most=1):
        assert season_now(datetime(2026, 10, 1, 4, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2026, 5, 31), []),
        (date(2026, 6, 1), ["summer"]),
        (date(2026, 8, 31), ["summer"]),
        (date(2026, 9, 1), []),
        (date(2026, 12, 31), ["winter"]),
        (date(2026, 2, 28), ["winter"]),
        (date(2026, 3, 1), []),
    ],
)
def test_a_window_is_half_open_and_may_go_over_new_year(day, codes):
    make_season("summer", "06-01", "09-01")
    make_season("winter", "11-15", "03-01")
    make_season("never", "01-01", "12-31", is_active=False)

    assert [tag.code for tag in SeasonTag.objects.in_season(day)] == codes


@pytest.mark.parametrize("day", ["6-1", "13-01", "02-32", "06-01\n"])
def test_a_day_that_is_none_is_refused(day):
    with pytest.raises(ValidationError):
        SeasonTag(code="s", title_zh="s", title_en="s", starts_on=day, ends_on="09-01").full_clean()


def test_C_25_a_lipstick_shows_goods_of_the_make_up_tools_and_of_what_is_below_them():
    lipsticks, tools = make_category(), make_root(title_zh="美妆工具")
    brushes = make_category(tools)
    lipstick, brush = make_product(category=lipsticks), make_product(category=brushes)
    shelve(lipstick, brush)
    RelatedCategory.objects.create(category=lipsticks, related=tools)

    with count_queries(at_most=1):
        found = companion_cards(lipsticks.path_ids, at=JULY)

    assert ids(found) == [brush.pk]
    assert companion_cards(brushes.path_ids, at=JULY) == []


def test_operators_see_which_season_is_on(client):
    client.force_login(make_operator(is_superuser=True), backend="members.backends.AccountBackend")
    make_season("always", "01-01", "12-31")

    answer = client.get(reverse("admin:catalog_seasontag_changelist"))

    assert answer.status_code == 200
    assert client.get(reverse("admin:catalog_relatedcategory_changelist")).status_code == 200
