"""C-24: goods of the season come first while its window is open; C-25: what goes with what."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from catalog.models import RelatedCategory, SeasonTag
from catalog.selectors import cards_beside, home_cards
from catalog.services import add_sales
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
    add_sales({hot.pk: 9, winter.pk: 5})
    shelve(summer, hot, winter)
    make_season("summer", "06-01", "09-01", summer, hot)
    make_season("winter", "11-15", "03-01", winter)

    with count_queries(at_most=1):
        july = home_cards(at=JULY)
    january = home_cards(at=JANUARY)
    october = home_cards(at=datetime(2026, 10, 1, 4, tzinfo=UTC))

    assert {row["heading_en"] for row in july["seasonal"]} == {"summer"}
    assert ids(july["seasonal"]) == [hot.pk, summer.pk]
    assert ids(january["seasonal"]) == [winter.pk]
    assert "seasonal" not in october
    assert ids(october["bestsellers"]) == ids(july["bestsellers"]) == [hot.pk, winter.pk, summer.pk]
    assert len(october["newest"]) == 3


def test_of_two_seasons_that_are_on_the_first_one_is_shown_under_its_own_name():
    both, only = make_product(), make_product()
    shelve(both, only)
    make_season("summer", "06-01", "09-01", both, sort=2)
    make_season("school", "07-01", "09-15", both, only, sort=1)

    seasonal = home_cards(at=JULY)["seasonal"]

    assert [(row["product_id"], row["heading_en"]) for row in seasonal] == [
        (only.pk, "school"),
        (both.pk, "school"),
    ]


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

    around = {"around": lipsticks.pk, "at": JULY, "companions": 2, "count": 5}
    with count_queries(at_most=1):
        found = cards_beside(lipsticks.path_ids, **around)

    assert ids(found) == [brush.pk, lipstick.pk]
    assert ids(cards_beside(brushes.path_ids, **around)) == [lipstick.pk]


def test_operators_see_which_season_is_on(client):
    client.force_login(make_operator(is_superuser=True), backend="members.backends.AccountBackend")
    make_season("always", "01-01", "12-31")
    make_season("never", "01-01", "12-31", is_active=False)

    answer = client.get(reverse("admin:catalog_seasontag_changelist"))

    rows = answer.context["cl"].result_list
    shown = answer.context["cl"].model_admin
    assert {row.code: shown.is_on(row) for row in rows} == {"always": True, "never": False}
    assert client.get(reverse("admin:catalog_relatedcategory_changelist")).status_code == 200
