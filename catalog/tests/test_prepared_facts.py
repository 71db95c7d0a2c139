"""The facts of SKUs come out of a statement that is built once: the same rows as when it is built
anew, for any number of SKUs and any instant."""

from datetime import timedelta

import pytest

from catalog.models import PriceChange
from catalog.selectors import pricing_facts, skus_for_pricing
from catalog.services import PriceWish, ask_prices
from catalog.testing import AT, make_operator, make_product
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def built_anew(ids, at):
    return {row["id"]: row for row in pricing_facts._of_skus.build(sku_ids=ids, at=at)}


@pytest.fixture
def skus():
    skus = [*make_product(skus=2, price_fen=9_900).skus.all(), *make_product(skus=1).skus.all()]
    wish = PriceWish(
        sku_id=skus[0].pk, price_fen=8_000, list_price_fen=9_900, effective_at=AT + DAY
    )
    ask_prices(wishes=[wish], reason="调价", at=AT, actor=make_operator())
    assert PriceChange.objects.count() == 1
    return [sku.pk for sku in skus]


@pytest.mark.parametrize("days", [0, 1, 2])
def test_the_rows_are_those_of_a_statement_that_is_built_anew(skus, days):
    for ids in (skus, skus[:1], skus[1:], skus[::-1]):
        rows = {row["id"]: row for row in pricing_facts._of_skus(sku_ids=ids, at=AT + days * DAY)}
        assert rows == built_anew(ids, AT + days * DAY)


def test_an_instant_is_not_kept(skus):
    seen = [skus_for_pricing(skus, AT + days * DAY)[skus[0]].price_fen for days in (0, 1, 0)]

    assert seen == [9_900, 8_000, 9_900]


def test_ids_that_nobody_has_are_left_out_and_none_ask_nothing(skus):
    assert sorted(skus_for_pricing([*skus, 2**40], AT)) == skus
    with count_queries(at_most=0):
        assert skus_for_pricing([], AT) == {}
