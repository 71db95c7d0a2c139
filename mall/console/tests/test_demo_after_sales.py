"""The demo's after-sales: four cases, each a step further or another kind, made once."""

import pytest

from catalog.testing import make_category
from mall.console.demo.caring import seed_after_sales
from mall.console.demo.seeding import Seeding, Tally
from mall.kernel import clock
from members.testing import make_operator
from orders.models import AfterSale, AfterSalePolicy
from orders.selectors import return_promise
from orders.testing import make_received_order

pytestmark = pytest.mark.django_db


def test_four_cases_stand_a_step_apart_and_a_second_run_adds_none():
    for name in ("service", "warehouse"):
        make_operator(username=name)
    at = clock.now()
    for _n in range(5):
        make_received_order(at=at)
    seeding = Seeding(at=at, tell=print)

    first, second = seed_after_sales(seeding), seed_after_sales(seeding)

    states = AfterSale.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["requested", "returning", "done", "returning"]
    assert AfterSale.objects.filter(kind="exchange").count() == 1
    assert (first, second) == (Tally(4, 0), Tally(0, 4))


def test_O_44_food_that_does_not_keep_is_promised_what_the_help_page_says():
    fruit, cloth = make_category(slug="fresh"), make_category(slug="fashion")
    seeding = Seeding(at=clock.now(), tell=print)

    assert (seed_after_sales(seeding), seed_after_sales(seeding)) == (Tally(0, 0), Tally(0, 0))

    fresh, usual = (return_promise([one.pk]) for one in (fruit, cloth))
    assert (fresh.window.no_reason_days, usual.window.no_reason_days) == (0, 7)
    assert "24 小时" in fresh.note_zh
    assert AfterSalePolicy.objects.get(category=fruit).quality_days == 2
