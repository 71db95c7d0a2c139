"""Prices under contention: one change is written once, and no sold piece is lost from a quota."""

from datetime import timedelta

import pytest

from catalog.errors import PriceChangeSettled
from catalog.models import PriceChange, PriceHistory
from catalog.services import (
    PriceWish,
    apply_due_prices,
    approve_price_change,
    ask_prices,
    change_sku,
    count_loss_sales,
)
from catalog.testing import AT, make_operator, make_sku
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
CONTENDERS = 8


def ask(sku, price_fen, **terms):
    wish = PriceWish(sku_id=sku.pk, price_fen=price_fen, list_price_fen=10_000, **terms)
    ask_prices(wishes=[wish], reason="调价", at=AT, actor=make_operator())
    return PriceChange.objects.get(price_fen=price_fen)


def written(change):
    return PriceHistory.objects.filter(change=change).count()


def test_many_timers_write_a_due_price_once():
    change = ask(make_sku(price_fen=10_000), 8_000, effective_at=AT + DAY)

    stampede(CONTENDERS, lambda _n: apply_due_prices(AT + DAY))

    assert written(change) == 1


def test_control_without_locks_it_is_written_many_times():
    change = ask(make_sku(price_fen=10_000), 8_000, effective_at=AT + DAY)

    with (
        without_locks(),
        all_read_before_any_writes("catalog.services.pricing.due_changes", CONTENDERS),
    ):
        stampede(CONTENDERS, lambda _n: apply_due_prices(AT + DAY))

    assert written(change) > 1


def test_many_who_approve_at_once_approve_once():
    change = ask(make_sku(price_fen=10_000), 100)
    checkers = [make_operator() for _number in range(CONTENDERS)]

    outcomes = stampede(
        CONTENDERS,
        lambda n: approve_price_change(change_id=change.pk, at=AT, actor=checkers[n]),
    )

    assert (len(outcomes.results), written(change)) == (1, 1)
    assert outcomes.only(PriceChangeSettled)


def test_every_piece_sold_at_once_counts_against_the_quota():
    sku = make_sku(price_fen=10_000)
    change_sku(sku_id=sku.pk, values={"cost_fen": 9_000}, at=AT)
    change = ask(sku, 8_000, quota=CONTENDERS, ends_at=AT + DAY)
    approve_price_change(change_id=change.pk, at=AT, actor=make_operator())

    stampede(CONTENDERS, lambda _n: count_loss_sales(pieces={sku.pk: 1}, at=AT))

    change.refresh_from_db()
    assert (change.sold, change.ended_at) == (CONTENDERS, AT)
