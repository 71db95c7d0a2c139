"""The sums of suppliers on paper: scorecards, grades, choice, sellable pieces."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.services import Purchase, averaged
from inventory.scoring import (
    Figures,
    Offer,
    Rules,
    Tally,
    chosen_offer,
    grade_of,
    is_stale,
    order_quantity,
    score_card,
    sellable,
    warnings_of,
)

RULES = Rules()
NOTHING = Tally()
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.mark.parametrize(("score", "grade"), [(92, "A"), (80, "B"), (60, "C")])
def test_I_27_default_bands(score, grade):
    assert grade_of(score, RULES) == grade


@pytest.mark.parametrize(
    ("score", "grade"), [(100, "A"), (90, "A"), (89, "B"), (75, "B"), (74, "C"), (0, "C")]
)
def test_the_bands_begin_where_they_say(score, grade):
    assert grade_of(score, RULES) == grade


def test_without_facts_there_is_no_score_and_no_grade():
    card = score_card(NOTHING, NOTHING, NOTHING, RULES)

    assert (card.score, card.grade) == (None, "")
    assert warnings_of(card, RULES) == {}


def test_I_26_a_pass_rate_of_98_9_is_red_and_of_99_is_not():
    red = score_card(NOTHING, Tally(989, 1000), NOTHING, RULES)
    good = score_card(NOTHING, Tally(990, 1000), NOTHING, RULES)

    assert red.quality_bp == 9890
    assert warnings_of(red, RULES) == {"quality": (9890, 9900)}
    assert warnings_of(good, RULES) == {}


def test_I_28_94_in_100_in_time_warns_and_95_does_not():
    late = score_card(Tally(94, 100), NOTHING, NOTHING, RULES)
    enough = score_card(Tally(95, 100), NOTHING, NOTHING, RULES)

    assert warnings_of(late, RULES) == {"fulfilment": (9400, 9500)}
    assert warnings_of(enough, RULES) == {}


def test_a_rate_is_never_rounded_up_to_its_target():
    assert Tally(9499, 10_000 - 1).bp == 9499
    assert Tally(98_999, 100_000).bp == 9899


def test_the_score_weighs_what_happened():
    whole = score_card(Tally(95, 100), Tally(99, 100), Tally(9, 10), RULES)
    late = score_card(Tally(85, 100), Tally(99, 100), Tally(9, 10), RULES)
    only_quality = score_card(NOTHING, Tally(89, 100), NOTHING, RULES)

    assert whole.score == 100
    assert late.score == 80  # 10 points missing cost half of the 40 of shipping
    assert only_quality.score == 50


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 1000))
def test_a_better_rate_never_scores_less(one, other, total):
    low, high = sorted((min(one, total), min(other, total)))

    scores = [
        score_card(Tally(good, total), NOTHING, NOTHING, RULES).score or 0 for good in (low, high)
    ]

    assert 0 <= scores[0] <= scores[1] <= 100


def offer(goods_id, grade, cost_fen, lead_days=7):
    return Offer(goods_id, goods_id, grade, cost_fen, 300, lead_days)


def test_I_27_A_before_B_before_nobody_knows_before_C():
    offers = [offer(1, "C", 1), offer(2, "", 2), offer(3, "B", 3), offer(4, "A", 4)]

    chosen = []
    while (best := chosen_offer(offers)) is not None:
        chosen.append(best.grade)
        offers.remove(best)

    assert chosen == ["A", "B", "", "C"]


def test_of_one_grade_the_cheaper_then_the_faster_is_chosen():
    assert chosen_offer([offer(1, "A", 200), offer(2, "A", 100)]) == offer(2, "A", 100)
    assert chosen_offer([offer(1, "A", 100, 9), offer(2, "A", 100, 7)]) == offer(2, "A", 100, 7)
    assert chosen_offer([]) is None


@pytest.mark.parametrize(("needed", "ordered"), [(120, 300), (300, 300), (450, 450)])
def test_I_37_never_fewer_than_the_supplier_makes(needed, ordered):
    assert order_quantity(needed, 300) == ordered


def test_I_51_sellable_is_what_it_has_less_the_buffer():
    assert sellable(Figures(60, 10, 50), stale=False) == 50
    assert sellable(Figures(7, 10, 50), stale=False) == 0


def test_I_32_stale_figures_sell_no_more_than_the_buffer():
    assert sellable(Figures(60, 10, 50), stale=True) == 10
    assert sellable(Figures(15, 10, 50), stale=True) == 5
    assert sellable(Figures(60, 0, 50), stale=True) == 0


def test_I_06_goods_that_stop_when_low_sell_none_under_the_least_stock():
    assert sellable(Figures(49, 10, 50, stops_when_low=True), stale=False) == 0
    assert sellable(Figures(50, 10, 50, stops_when_low=True), stale=False) == 40
    assert sellable(Figures(49, 10, 50), stale=False) == 39


@pytest.mark.parametrize(("minutes", "stale"), [(0, False), (15, False), (16, True)])
def test_I_32_figures_are_stale_after_15_minutes(minutes, stale):
    assert is_stale(AT - timedelta(minutes=minutes), AT, 15) is stale


def test_the_average_cost_weighs_pieces_and_forgets_an_unknown_cost():
    assert averaged(2_000, Purchase(pieces=30, cost_fen=3_000, held=10)) == 2_750
    assert averaged(0, Purchase(pieces=30, cost_fen=3_000, held=10)) == 3_000
    assert averaged(2_000, Purchase(pieces=1, cost_fen=3_000, held=0)) == 3_000
