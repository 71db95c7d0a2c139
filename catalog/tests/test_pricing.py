"""Prices change by the clock, with a reason and a second person where they are unusual."""

from datetime import timedelta

import pytest

from catalog.errors import (
    BelowCostTermsMissing,
    MakerIsChecker,
    PriceChangeSettled,
    PriceReasonMissing,
)
from catalog.models import PriceChange, PriceHistory, Sku
from catalog.selectors import (
    lowest_price_30d,
    planned_prices,
    prices_at,
    product_page,
    skus_for_pricing,
)
from catalog.services import (
    OptionPlan,
    PriceWish,
    SkuPlan,
    ValuePlan,
    apply_due_prices,
    approve_price_change,
    ask_prices,
    cancel_price_change,
    change_sku,
    count_loss_sales,
    return_price_change,
    save_price_guard,
    save_skus,
    set_options,
    set_sku_prices,
    take_off_sale,
)
from catalog.testing import AT, make_operator, make_product, make_sku
from mall.kernel.audit.models import AuditEntry
from mall.kernel.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def maker():
    return make_operator()


@pytest.fixture
def checker():
    return make_operator()


def ask(sku, price_fen, actor, *, at=AT, list_price_fen=None, reason="调价", **terms):
    wish = PriceWish(
        sku_id=sku.pk,
        price_fen=price_fen,
        list_price_fen=list_price_fen or max(price_fen, sku.list_price_fen),
        **terms,
    )
    return ask_prices(wishes=[wish], reason=reason, at=at, actor=actor)


def price_of(sku, at):
    return skus_for_pricing([sku.pk], at)[sku.pk].price_fen


def history(sku):
    rows = PriceHistory.objects.filter(sku=sku).order_by("at", "pk")
    return list(rows.values_list("price_fen", "at", "reason"))


def test_C_28_before_its_time_the_old_price_holds_and_after_it_the_new_one(maker):
    sku = make_sku(price_fen=10_000)
    starts_at = AT + DAY

    outcome = ask(sku, 8_000, maker, effective_at=starts_at, reason="换季")

    assert (outcome.changed, outcome.planned, outcome.waiting) == ((), (sku.pk,), ())
    assert price_of(sku, starts_at - SECOND) == 10_000
    assert price_of(sku, starts_at) == 8_000
    assert prices_at([sku.pk], starts_at)[sku.pk] == (8_000, 10_000)
    page = product_page(sku.product_id, at=starts_at)
    assert [row["price_fen"] for row in page.skus] == [8_000]
    sku.refresh_from_db()
    assert sku.price_fen == 10_000


def test_C_28_both_prices_are_in_the_history_and_the_late_timer_dates_them_right(maker):
    sku = make_sku(price_fen=10_000)
    ask(sku, 8_000, maker, effective_at=AT + DAY, reason="换季")

    assert apply_due_prices(AT + DAY - SECOND) == 0
    assert apply_due_prices(AT + 2 * DAY) == 1
    assert apply_due_prices(AT + 2 * DAY) == 0

    sku.refresh_from_db()
    assert sku.price_fen == 8_000
    assert history(sku) == [(10_000, AT, ""), (10_000, AT, ""), (8_000, AT + DAY, "换季")]
    change = PriceChange.objects.get()
    assert (change.status, change.maker, change.checker) == ("applied", maker, None)
    assert PriceHistory.objects.last().change == change
    assert AuditEntry.objects.filter(verb="catalog.set_price", actor=maker).count() == 1


def test_a_price_typed_after_one_came_due_is_the_later_one(maker):
    sku = make_sku(price_fen=10_000)
    ask(sku, 8_000, maker, effective_at=AT + DAY)

    ask(sku, 9_000, maker, at=AT + DAY + HOUR)

    assert price_of(sku, AT + 2 * DAY) == 9_000
    assert apply_due_prices(AT + 2 * DAY) == 0
    prices = [(price, at) for price, at, _reason in history(sku)]
    assert prices[-2:] == [(8_000, AT + DAY), (9_000, AT + DAY + HOUR)]


def test_C_28_88_yuan_typed_as_1_yuan_never_holds_unasked(maker, checker):
    sku = make_sku(price_fen=8_800)

    outcome = ask(sku, 100, maker)

    assert outcome.waiting == (sku.pk,)
    assert price_of(sku, AT + 365 * DAY) == 8_800
    change = PriceChange.objects.get()
    assert (change.status, change.needs) == ("waiting", ["deep_drop"])
    with pytest.raises(MakerIsChecker):
        approve_price_change(change_id=change.pk, at=AT, actor=maker)
    assert price_of(sku, AT) == 8_800

    approve_price_change(change_id=change.pk, at=AT + HOUR, actor=checker)

    assert price_of(sku, AT + HOUR) == 100
    assert history(sku)[-1] == (100, AT + HOUR, "调价")


def test_a_drop_of_exactly_the_limit_needs_nobody_and_a_fen_more_does(maker):
    first, second = make_sku(price_fen=10_000), make_sku(price_fen=10_000)

    assert ask(first, 7_000, maker).changed == (first.pk,)
    assert ask(second, 6_999, maker).waiting == (second.pk,)


def test_many_small_steps_within_a_day_are_one_deep_one(maker):
    sku = make_sku(price_fen=10_000)
    assert ask(sku, 8_000, maker, at=AT + HOUR).changed == (sku.pk,)

    assert ask(sku, 6_500, maker, at=AT + 2 * HOUR).waiting == (sku.pk,)
    assert ask(sku, 6_500, maker, at=AT + 26 * HOUR).changed == (sku.pk,)
    assert not PriceChange.objects.waiting().exists()


def test_a_price_is_judged_by_the_last_one_offered_even_when_it_was_off_sale_meanwhile(maker):
    sku = make_sku(price_fen=10_000)
    take_off_sale(product=sku.product, at=AT + DAY)

    assert ask(sku, 100, maker, at=AT + 9 * DAY).waiting == (sku.pk,)


def test_a_draft_takes_any_price(maker):
    product = make_product(price_fen=10_000, on_sale=False)

    assert ask(product.skus.get(), 100, maker).changed == (product.skus.get().pk,)


def test_the_same_wish_waits_once_and_another_one_takes_its_place(maker):
    sku = make_sku(price_fen=8_800)

    ask(sku, 100, maker)
    assert ask(sku, 100, maker, at=AT + HOUR).waiting == ()
    ask(sku, 200, maker)

    rows = PriceChange.objects.order_by("pk").values_list("price_fen", "status")
    assert list(rows) == [(100, "cancelled"), (200, "waiting")]


def test_plans_and_unusual_prices_say_why_and_nothing_is_kept_without(maker):
    sku = make_sku(price_fen=8_800)

    with pytest.raises(PriceReasonMissing):
        ask(sku, 8_000, maker, reason="", effective_at=AT + DAY)
    with pytest.raises(PriceReasonMissing):
        ask(sku, 100, maker, reason="")

    assert PriceChange.objects.count() == 0


def test_a_returned_or_cancelled_price_never_holds(maker, checker):
    returned, cancelled = make_sku(price_fen=8_800), make_sku(price_fen=8_800)
    ask(returned, 100, maker)
    ask(cancelled, 8_000, maker, effective_at=AT + DAY)
    first, second = PriceChange.objects.order_by("pk")

    return_price_change(change_id=first.pk, answer="看错了一位", at=AT, actor=checker)
    cancel_price_change(change_id=second.pk, at=AT, actor=maker)

    assert price_of(returned, AT + 2 * DAY) == 8_800
    assert price_of(cancelled, AT + 2 * DAY) == 8_800
    for change in (first, second):
        with pytest.raises(PriceChangeSettled):
            approve_price_change(change_id=change.pk, at=AT, actor=checker)


def test_a_plan_that_came_due_cannot_be_called_off(maker):
    sku = make_sku(price_fen=8_800)
    ask(sku, 8_000, maker, effective_at=AT + DAY)

    with pytest.raises(PriceChangeSettled):
        cancel_price_change(change_id=PriceChange.objects.get().pk, at=AT + DAY, actor=maker)

    assert price_of(sku, AT + DAY) == 8_000


def test_the_limit_is_the_shops_own_number(maker):
    sku = make_sku(price_fen=10_000)
    save_price_guard(values={"drop_bp": 500}, at=AT, actor=maker)

    assert ask(sku, 9_400, maker).waiting == (sku.pk,)


def test_C_29_lowest_price_30d_is_80_after_100_80_100():
    sku, other = make_sku(price_fen=10_000), make_sku(price_fen=5_000)
    set_sku_prices(prices={sku.pk: (8_000, 10_000)}, at=AT + DAY)
    set_sku_prices(prices={sku.pk: (10_000, 10_000)}, at=AT + 2 * DAY)
    ids = [sku.pk, other.pk]

    assert lowest_price_30d(ids, AT + 20 * DAY) == {sku.pk: 8_000, other.pk: 5_000}
    assert lowest_price_30d(ids, AT + 32 * DAY - SECOND)[sku.pk] == 8_000
    assert lowest_price_30d(ids, AT + 32 * DAY)[sku.pk] == 10_000


def test_a_price_nobody_could_buy_at_is_not_the_lowest_one():
    product = make_product(price_fen=10_000)
    sku = product.skus.get()
    take_off_sale(product=product, at=AT + DAY)
    set_sku_prices(prices={sku.pk: (1_000, 10_000)}, at=AT + 2 * DAY)

    assert lowest_price_30d([sku.pk], AT + 5 * DAY) == {sku.pk: 10_000}
    assert lowest_price_30d([sku.pk], AT + 40 * DAY) == {}


def test_a_price_that_came_due_counts_as_offered_before_the_timer_wrote_it(maker):
    sku = make_sku(price_fen=10_000)
    ask(sku, 8_000, maker, effective_at=AT + DAY)

    assert lowest_price_30d([sku.pk], AT + DAY - SECOND) == {sku.pk: 10_000}
    assert lowest_price_30d([sku.pk], AT + DAY) == {sku.pk: 8_000}


@pytest.mark.parametrize("skus", [2, 50])
def test_prices_cost_the_same_queries_however_many_skus(skus, maker, django_assert_num_queries):
    product = make_product(skus=skus, price_fen=10_000)
    wishes = [
        PriceWish(sku_id=pk, price_fen=9_000, list_price_fen=10_000, effective_at=AT + DAY)
        for pk in product.skus.values_list("pk", flat=True)
    ]
    ask_prices(wishes=wishes, reason="换季", at=AT, actor=maker)
    ids = [wish.sku_id for wish in wishes]

    with django_assert_num_queries(2):
        assert set(lowest_price_30d(ids, AT + DAY).values()) == {9_000}
    with django_assert_num_queries(1):
        assert len(planned_prices(ids, AT)) == skus
    with django_assert_num_queries(1):
        assert set(prices_at(ids, AT + DAY).values()) == {(9_000, 10_000)}


def test_C_74_a_price_below_cost_is_not_saved_without_quota_and_end(maker):
    sku = make_sku(price_fen=6_000)
    change_sku(sku_id=sku.pk, values={"cost_fen": 5_000}, at=AT, actor=maker)

    with pytest.raises(BelowCostTermsMissing):
        ask(sku, 4_900, maker)
    with pytest.raises(BelowCostTermsMissing):
        change_sku(sku_id=sku.pk, values={"price_fen": 4_900}, at=AT, actor=maker)
    product = make_product(on_sale=False)
    colour = OptionPlan("colour", "颜色", [ValuePlan("red", "红")])
    set_options(product=product, options=[colour], at=AT)
    plan = SkuPlan(code="NEW", price_fen=4_900, cost_fen=5_000, options={"colour": "red"})
    with pytest.raises(BelowCostTermsMissing):
        save_skus(product=product, skus=[plan], at=AT, actor=maker)

    assert PriceChange.objects.count() == 0
    assert price_of(sku, AT) == 6_000
    assert not Sku.objects.filter(code="NEW").exists()


def below_cost(maker, checker, quota=3):
    sku = make_sku(price_fen=6_000)
    change_sku(sku_id=sku.pk, values={"cost_fen": 5_000}, at=AT, actor=maker)
    ask(sku, 4_900, maker, ends_at=AT + 7 * DAY, quota=quota, reason="引流")
    change = PriceChange.objects.get(price_fen=4_900)
    assert price_of(sku, AT) == 6_000
    approve_price_change(change_id=change.pk, at=AT, actor=checker)
    return sku, change


def test_C_74_an_approved_price_below_cost_ends_at_its_date_with_no_timer_running(maker, checker):
    sku, change = below_cost(maker, checker)

    assert price_of(sku, AT) == 4_900
    assert price_of(sku, AT + 7 * DAY - SECOND) == 4_900
    assert price_of(sku, AT + 7 * DAY) == 6_000

    apply_due_prices(AT + 8 * DAY)
    change.refresh_from_db()
    assert change.ended_at == AT + 7 * DAY
    assert price_of(sku, AT + 9 * DAY) == 6_000


def test_C_74_it_ends_at_once_when_its_quota_is_sold_and_the_loss_is_known(maker, checker):
    sku, change = below_cost(maker, checker, quota=3)

    assert count_loss_sales(pieces={sku.pk: 2}, at=AT + HOUR) == []
    assert price_of(sku, AT + HOUR) == 4_900
    assert count_loss_sales(pieces={sku.pk: 1}, at=AT + 2 * HOUR) == [sku.pk]

    assert price_of(sku, AT + 2 * HOUR) == 6_000
    change.refresh_from_db()
    assert (change.sold, change.loss_fen, change.ended_at) == (3, 300, AT + 2 * HOUR)
    assert count_loss_sales(pieces={sku.pk: 1}, at=AT + 3 * HOUR) == []
    assert apply_due_prices(AT + 8 * DAY) == 0


def test_another_price_ends_a_limited_one_and_its_way_back(maker, checker):
    sku, change = below_cost(maker, checker)

    ask(sku, 5_500, maker, at=AT + DAY)

    assert price_of(sku, AT + 8 * DAY) == 5_500
    change.refresh_from_db()
    assert change.ended_at == AT + DAY
    assert not PriceChange.objects.scheduled().exists()


def test_cheaper_goods_on_sale_are_announced_once(maker):
    sku = make_sku(price_fen=10_000)
    draft = make_product(price_fen=10_000, on_sale=False).skus.get()

    ask(sku, 9_000, maker)
    ask(draft, 9_000, maker)
    ask(sku, 9_500, maker, at=AT + HOUR)

    event = OutboxEvent.objects.get(name="catalog.prices_dropped")
    assert event.payload["drops"] == [[sku.pk, sku.product_id, 10_000, 9_000]]
