"""The demo's after-sales: four cases, each a step further or another kind, made once."""

import pytest

from mall.console.demo.caring import seed_after_sales
from mall.console.demo.seeding import Seeding, Tally
from mall.kernel import clock
from members.testing import make_operator
from orders.models import AfterSale
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
