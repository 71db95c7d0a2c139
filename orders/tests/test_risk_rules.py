"""The sums of risk: which facts give points, what points lead to (O-39, O-56)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.risk import Facts, Thresholds, Verdict, judge

USUAL = Thresholds()
LOUD = {
    "small_payments": (5, 6, "small_payments"),
    "is_strange": (False, True, "strange_place"),
    "members_on_device": (2, 3, "shared_device"),
    "members_at_ip": (19, 20, "shared_ip"),
    "members_with_coupons": (2, 3, "coupon_abuse"),
    "orders_in_burst": (9, 10, "burst"),
    "most_pieces": (49, 50, "many_pieces"),
    "outside_points": (0, 40, "outside"),
}


@pytest.mark.parametrize("name", sorted(LOUD))
def test_each_fact_counts_from_its_threshold_on_and_names_its_reason(name):
    quiet, loud, code = LOUD[name]

    before, after = judge(Facts(**{name: quiet}), USUAL), judge(Facts(**{name: loud}), USUAL)

    assert (before.verdict, before.reasons) == (Verdict.PASS, ())
    assert [reason.code for reason in after.reasons] == [code]
    assert after.verdict == Verdict.VERIFY


def test_O_39_six_small_payments_ask_the_next_one_for_a_code():
    assert judge(Facts(small_payments=6), USUAL).verdict == Verdict.VERIFY
    assert judge(Facts(small_payments=6), USUAL, is_proved=True).verdict == Verdict.PASS


def test_a_code_answers_who_it_is_but_not_whether_it_is_right():
    grave = Facts(orders_in_burst=10)

    assert judge(grave, USUAL).verdict == Verdict.VERIFY
    assert judge(grave, USUAL, is_proved=True).verdict == Verdict.REVIEW


def test_enough_points_and_the_blacklist_refuse_whatever_was_proved():
    everything = Facts(orders_in_burst=10, members_with_coupons=3, most_pieces=50)

    assert judge(everything, USUAL, is_proved=True).verdict == Verdict.BLOCK
    blocked = judge(Facts(is_blocked=True), USUAL, is_proved=True)
    assert (blocked.verdict, [one.code for one in blocked.reasons]) == (Verdict.BLOCK, ["blocked"])


def test_a_service_of_somebody_else_cannot_refuse_alone():
    assert judge(Facts(outside_points=10_000), USUAL).score == 100
    assert judge(Facts(outside_points=10_000), USUAL).verdict == Verdict.VERIFY
    assert judge(Facts(outside_points=None), USUAL).verdict == Verdict.PASS


ORDER = [Verdict.PASS, Verdict.VERIFY, Verdict.REVIEW, Verdict.BLOCK]


@given(
    st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.booleans(), st.integers(0, 9)
)
def test_more_of_a_bad_fact_never_makes_it_better(small, burst, pieces, proved, more):
    fewer = judge(
        Facts(small_payments=small, orders_in_burst=burst, most_pieces=pieces),
        USUAL,
        is_proved=proved,
    )
    worse = judge(
        Facts(small_payments=small + more, orders_in_burst=burst + more, most_pieces=pieces + more),
        USUAL,
        is_proved=proved,
    )

    assert worse.score >= fewer.score == sum(reason.score for reason in fewer.reasons)
    assert ORDER.index(worse.verdict) >= ORDER.index(fewer.verdict)
