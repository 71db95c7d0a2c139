import pytest

from catalog.models import ShelfMark
from catalog.testing import make_sku
from mall.kernel.notify.models import Message
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator
from promotions import engine
from promotions.errors import BudgetSpent
from promotions.loading import rules_for
from promotions.models import BudgetUse, Campaign
from promotions.services import charge_budgets, return_budgets, tell_budget
from promotions.testing import AT, make_threshold_off
from promotions.tests.test_loading import line_of, priced, rules_of

pytestmark = pytest.mark.django_db


def spent(campaign):
    return Campaign.objects.get(pk=campaign.pk).spent_fen


def events():
    rows = OutboxEvent.objects.filter(name="promotions.budget_almost_spent")
    return sorted(row.payload["spent_fen"] for row in rows)


def test_an_order_is_charged_once_and_given_back_once():
    campaign = make_threshold_off(budget_fen=20_000)

    for _n in range(2):
        charge_budgets(order_number="A1", amounts={campaign.pk: 5_000}, at=AT)
    assert spent(campaign) == 5_000

    for _n in range(2):
        return_budgets(order_number="A1", at=AT)
    assert spent(campaign) == 0
    use = BudgetUse.objects.get()
    assert (use.amount_fen, use.returned_fen, use.returned_at) == (5_000, 5_000, AT)


def test_an_order_that_lives_again_is_charged_again():
    campaign = make_threshold_off(budget_fen=20_000)
    charge_budgets(order_number="A1", amounts={campaign.pk: 5_000}, at=AT)
    return_budgets(order_number="A1", at=AT)

    charge_budgets(order_number="A1", amounts={campaign.pk: 4_000}, at=AT)

    assert spent(campaign) == 4_000
    assert BudgetUse.objects.get().returned_at is None


def test_what_has_no_budget_is_not_counted():
    campaign = make_threshold_off()

    with count_queries(at_most=1):
        charge_budgets(order_number="A1", amounts={campaign.pk: 5_000, 10**9: 1}, at=AT)

    assert not BudgetUse.objects.exists()


def test_P_45_the_counter_stops_at_the_cap_and_charges_all_campaigns_or_none():
    open_one, tight = make_threshold_off(budget_fen=20_000), make_threshold_off(budget_fen=9_999)
    charge_budgets(order_number="A1", amounts={tight.pk: 5_000}, at=AT)

    with pytest.raises(BudgetSpent):
        charge_budgets(order_number="A2", amounts={open_one.pk: 5_000, tight.pk: 5_000}, at=AT)

    assert (spent(open_one), spent(tight)) == (0, 5_000)
    assert not BudgetUse.objects.filter(order_number="A2").exists()


def test_P_45_a_spent_campaign_applies_no_more_and_its_cards_are_marked():
    sku = make_sku(price_fen=30_000, list_price_fen=30_000)
    campaign = make_threshold_off(budget_fen=5_000)
    assert priced(line_of(sku)).payable_fen == 25_000
    ShelfMark.objects.all().delete()

    charge_budgets(order_number="A1", amounts={campaign.pk: 5_000}, at=AT)

    assert rules_of(line_of(sku)).promotions == ()
    assert priced(line_of(sku)).payable_fen == 30_000
    assert ShelfMark.objects.filter(product_id=sku.product_id).exists()
    return_budgets(order_number="A1", at=AT)
    assert priced(line_of(sku)).payable_fen == 25_000


def test_a_basket_that_would_overrun_the_rest_goes_without_and_smaller_ones_do_not():
    small = make_sku(price_fen=10_000, list_price_fen=10_000)
    make_threshold_off(
        steps=((10_000, 1_000), (30_000, 5_000)), budget_fen=50_000, spent_fen=47_000
    )

    assert priced(line_of(small, quantity=1)).payable_fen == 9_000
    assert priced(line_of(small, quantity=3)).payable_fen == 30_000


def test_without_a_large_campaign_the_next_one_applies():
    sku = make_sku(price_fen=30_000, list_price_fen=30_000)
    make_threshold_off(budget_fen=4_999)
    make_threshold_off(steps=((30_000, 2_000),), priority=200)

    assert priced(line_of(sku)).payable_fen == 28_000


def test_the_cost_of_a_campaign_is_what_its_steps_take_off():
    sku = make_sku(price_fen=30_000, list_price_fen=35_000)
    campaign = make_threshold_off()
    lines = (line_of(sku),)
    rules = rules_for(lines=lines, shopper=None, at=AT)

    quote = engine.price(engine.Basket(lines), engine.GUEST, rules, AT)

    assert engine.costs_of(quote, rules) == {campaign.pk: 5_000}


def test_operators_hear_of_nine_tenths_and_of_the_end_once_each():
    boss = make_operator(is_superuser=True)
    make_operator(is_superuser=False)
    campaign = make_threshold_off(budget_fen=10_000)

    for number, fen in (("A1", 8_999), ("A2", 1), ("A3", 500), ("A4", 500)):
        charge_budgets(order_number=number, amounts={campaign.pk: fen}, at=AT)

    assert events() == [9_000, 10_000]
    for _n in range(2):
        tell_budget(campaign_id=campaign.pk, spent_fen=10_000, budget_fen=10_000, at=AT)
    message = Message.objects.get()
    assert message.account == boss
    assert message.params == {"title": campaign.title_zh, "spent": "100", "budget": "100"}
