"""Rehearsals on real orders: the sums, what is found, and that nothing but the record changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.rehearsal import replay
from analytics.services import ask_rehearsal, run_rehearsals
from catalog.models import Sku
from mall.kernel.testing.queries import count_queries
from members.selectors import shopper_facts
from members.services import earn_points
from members.testing import make_address, make_member
from orders.models import Order, OrderLineStep
from orders.selectors import past_baskets
from orders.services import Ask, Wanted, quote
from orders.testing import NOON, make_order, make_stocked_sku
from promotions import engine
from promotions.loading import rules_for, tried_rules
from promotions.models import Campaign, CampaignFinding, CouponGrant, Level, Rehearsal
from promotions.services import blocking_findings
from promotions.testing import (
    make_campaign,
    make_coupon,
    make_grant,
    make_sale,
    make_threshold_off,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AT = NOON + HOUR
DRAFT = {"status": Campaign.Status.DRAFT, "starts_at": AT + HOUR, "ends_at": AT + 10 * HOUR}


def rehearsed(*campaigns: Campaign) -> Rehearsal:
    ask_rehearsal(campaign_ids=[campaign.pk for campaign in campaigns], at=AT)
    assert run_rehearsals(lambda: AT) == 1
    return Rehearsal.objects.get()


def costing(cost_fen: int, **values: int) -> Sku:
    sku = make_stocked_sku(**values)
    Sku.objects.filter(pk=sku.pk).update(cost_fen=cost_fen)
    return sku


def codes(rehearsal: Rehearsal) -> dict[str, str]:
    return dict(rehearsal.findings.values_list("code", "level"))


def test_a_draft_is_tried_on_the_orders_of_the_last_days():
    sku = costing(5_000, price_fen=20_000)
    make_order(sku=sku, quantity=1, paid=True)
    make_order(sku=sku, quantity=2, paid=True)
    draft = make_threshold_off(steps=((30_000, 5_000),), **DRAFT)

    rehearsal = rehearsed(draft)

    figures = rehearsal.figures
    assert rehearsal.state == Rehearsal.State.DONE
    assert (rehearsal.orders_done, rehearsal.progress_percent) == (2, 100)
    assert (figures["orders"], figures["affected"]) == (2, 1)
    change = {name: figures["after"][name] - figures["before"][name] for name in figures["after"]}
    assert change["gmv_fen"] == -5_000
    assert change["discount_fen"] == 5_000
    assert change["margin_fen"] == -5_000
    assert change["freight_fen"] == 0
    assert codes(rehearsal) == {"in_order": Level.GREEN}


def test_the_run_without_the_draft_is_what_the_shop_took():
    sku = make_stocked_sku(price_fen=20_000)
    make_threshold_off(steps=((10_000, 1_000),))
    orders = [make_order(sku=sku, quantity=n, paid=True) for n in (1, 2, 3)]

    figures = rehearsed(make_sale(prices={sku.pk: 15_000}, **DRAFT)).figures

    assert figures["before"]["gmv_fen"] == sum(order.payable_fen for order in orders)
    assert figures["before"]["freight_fen"] == sum(order.freight_fen for order in orders)


def test_goods_newly_below_cost_are_named_and_block_the_version():
    sku = costing(8_000, price_fen=10_000)
    make_order(sku=sku, quantity=3, paid=True)
    draft = make_sale(prices={sku.pk: 7_500}, **DRAFT)

    rehearsal = rehearsed(draft)

    assert codes(rehearsal)["below_cost"] == Level.RED
    facts = rehearsal.findings.get(code="below_cost").facts
    assert (facts["skus"], facts["lines"], facts["loss_fen"]) == (1, 1, 1_500)
    worst = {"sku_id": sku.pk, "code": sku.code, "lines": 1, "pieces": 3, "loss_fen": 1_500}
    assert facts["worst"] == [worst]
    assert {"below_cost", "priced_below_cost"} <= {
        finding.code for finding in blocking_findings(draft, AT)
    }


def test_goods_below_cost_anyway_are_not_laid_to_the_draft():
    sku = costing(12_000, price_fen=10_000)
    make_order(sku=sku, paid=True)
    draft = make_threshold_off(steps=((5_000, 100),), **DRAFT)

    rehearsal = rehearsed(draft)

    assert "below_cost" not in codes(rehearsal)
    assert rehearsal.figures["below_cost_lines_before"] == 1


def test_a_budget_too_small_for_the_days_it_runs_is_red():
    sku = costing(1_000, price_fen=40_000)
    make_order(sku=sku, paid=True)
    window = {"starts_at": AT, "ends_at": AT + timedelta(days=60)}
    draft = make_threshold_off(steps=((30_000, 5_000),), budget_fen=9_999, **{**DRAFT, **window})

    found = rehearsed(draft).findings.get(code="over_budget")

    assert found.level == Level.RED
    assert found.facts == {
        "cost_fen": 5_000,
        "replayed_days": 30,
        "expected_fen": 10_000,
        "days": 60,
        "budget_fen": 9_999,
    }


def test_what_one_order_costs_beyond_the_budget_is_counted_all_the_same():
    make_order(sku=costing(1_000, price_fen=40_000), paid=True)
    window = {"starts_at": AT, "ends_at": AT + timedelta(days=30)}
    draft = make_threshold_off(steps=((30_000, 5_000),), budget_fen=10, **{**DRAFT, **window})

    assert rehearsed(draft).findings.get(code="over_budget").facts["cost_fen"] == 5_000


def test_affected_orders_that_would_lose_money_are_red():
    sku = costing(36_000, price_fen=40_000)
    make_order(sku=sku, paid=True)
    draft = make_threshold_off(steps=((30_000, 5_000),), **DRAFT)

    found = rehearsed(draft).findings.get(code="negative_margin")

    assert found.facts == {"margin_fen": -1_000, "before_fen": 4_000, "orders": 1}


def test_rules_that_meet_for_the_first_time_are_listed():
    sku = make_stocked_sku(price_fen=40_000)
    off = make_threshold_off(steps=((30_000, 5_000),))
    make_order(sku=sku, paid=True)
    draft = make_sale(prices={sku.pk: 39_000}, **DRAFT)

    found = rehearsed(draft).findings.get(code="new_pairs")

    assert found.level == Level.AMBER
    (pair,) = found.facts["pairs"]
    assert {rule["id"] for rule in pair["rules"]} == {off.pk, draft.pk}
    assert pair["lines"] == 1


def test_goods_whose_cost_nobody_entered_are_counted():
    make_order(sku=costing(0), paid=True)
    make_order(sku=costing(100), paid=True)

    assert rehearsed(make_threshold_off(**DRAFT)).figures["skus_without_cost"] == 1


def test_campaigns_of_one_set_are_tried_together():
    sku = make_stocked_sku(price_fen=40_000)
    make_order(sku=sku, paid=True)
    sale = make_sale(prices={sku.pk: 35_000}, **DRAFT)
    off = make_threshold_off(steps=((35_000, 5_000),), **DRAFT)

    rehearsal = rehearsed(sale, off)

    after = rehearsal.figures["after"]
    assert after["goods_fen"] == 30_000
    assert rehearsal.findings.filter(campaign=sale).exists()
    assert rehearsal.findings.filter(campaign=off).exists()


def test_a_draft_that_changes_nothing_is_amber():
    sku = make_stocked_sku(price_fen=1_000)
    make_order(sku=sku, paid=True)

    rehearsal = rehearsed(make_threshold_off(steps=((90_000, 5_000),), **DRAFT))

    assert codes(rehearsal) == {"no_effect": Level.AMBER}


def test_a_shop_without_orders_learns_that_there_is_nothing_to_rehearse_on():
    rehearsal = rehearsed(make_threshold_off(**DRAFT))

    assert codes(rehearsal) == {"no_orders": Level.AMBER}


def test_a_campaign_changed_after_it_was_asked_for_is_not_judged():
    draft = make_threshold_off(**DRAFT)
    ask_rehearsal(campaign_ids=[draft.pk], at=AT)
    Campaign.objects.filter(pk=draft.pk).update(version=2)

    run_rehearsals(lambda: AT)

    rehearsal = Rehearsal.objects.get()
    assert (rehearsal.state, rehearsal.failure) == (Rehearsal.State.FAILED, "changed")
    assert not CampaignFinding.objects.exists()


def test_a_rehearsal_changes_no_order_no_price_and_no_campaign():
    sku = make_stocked_sku(price_fen=40_000)
    make_order(sku=sku, paid=True)
    draft = make_sale(prices={sku.pk: 35_000}, **DRAFT)
    tables = (Order, OrderLineStep, Sku, Campaign)
    before = [list(table.objects.order_by("pk").values()) for table in tables]

    rehearsed(draft)

    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_a_live_campaign_in_the_set_is_taken_out_of_the_run_without_it():
    sku = make_stocked_sku(price_fen=40_000)
    live = make_threshold_off(steps=((30_000, 5_000),))
    make_order(sku=sku, paid=True)

    figures = rehearsed(live).figures

    assert figures["before"]["goods_fen"] == 40_000
    assert figures["after"]["goods_fen"] == 35_000


def test_free_freight_costs_freight_not_goods():
    sku = make_stocked_sku(price_fen=3_000)
    order = make_order(sku=sku, paid=True)
    assert order.freight_fen
    draft = make_campaign("free_freight", rule={"threshold_fen": 1_000}, **DRAFT)

    figures = rehearsed(draft).figures

    assert figures["after"]["freight_fen"] == 0
    assert figures["after"]["margin_fen"] == figures["before"]["margin_fen"]
    rules = {rule["id"]: rule["after_fen"] for rule in figures["rules"]}
    assert rules[draft.pk] == order.freight_fen


def test_queries_do_not_grow_with_the_orders():
    sku = make_stocked_sku(price_fen=40_000, on_hand=400)
    draft = make_threshold_off(**DRAFT)
    for _n in range(2):
        make_order(wanted=(Wanted(sku.pk, 1),), paid=True)
    with count_queries() as two:
        rehearsed(draft)
    Rehearsal.objects.all().delete()

    for _n in range(10):
        make_order(wanted=(Wanted(sku.pk, 1),), paid=True)
    with count_queries(at_most=40) as twelve:
        rehearsed(draft)

    assert len(two) == len(twelve)


def test_a_rehearsal_and_the_shop_price_the_same_basket_alike():
    """Same basket, rules and moment: the replay's quote is the object the shop gives."""
    member = make_member(tier="gold", points=5_000, at=NOON - HOUR)
    home = make_address(member=member)
    first, second = make_stocked_sku(price_fen=12_000), make_stocked_sku(price_fen=20_000)
    grant = make_grant(member=member, coupon=make_coupon(off_fen=700), at=NOON)
    wanted = (Wanted(first.pk, 1), Wanted(second.pk, 2))
    make_order(member=member, wanted=wanted, coupon_grant_ids=(grant.pk,), points=1_000, paid=True)
    drafts = [
        make_sale(prices={first.pk: 11_000}, status=Campaign.Status.DRAFT),
        make_threshold_off(steps=((30_000, 5_000),), status=Campaign.Status.DRAFT),
    ]
    (chunk,) = past_baskets(NOON - HOUR, AT)
    (past,) = chunk.baskets
    lines = past.basket.lines
    live = rules_for(lines=lines, shopper=shopper_facts(member.pk, NOON), at=NOON)
    tried = tried_rules([draft.pk for draft in drafts], lines)
    rules = replace(live, promotions=(*live.promotions, *tried))

    replayed = replay(past.basket, past.shopper, rules, past.at)
    CouponGrant.objects.update(state="usable", order_number="", used_at=None)
    earn_points(member_id=member.pk, points=1_000, source_type="test", source_id="back", at=NOON)
    asked = quote(
        ask=Ask(wanted, home.region_code, (grant.pk,), points=1_000),
        member_id=member.pk,
        at=NOON,
        tried_campaign_ids=[draft.pk for draft in drafts],
    )

    assert replayed is not None
    most = asked.quote.points.max  # the replay knows the points spent, not all there were
    assert replace(replayed.quote, points=replace(replayed.quote.points, max=most)) == asked.quote
    assert asked.quote.taken_in(engine.Lane.ORDER_OFFER) == 5_000
