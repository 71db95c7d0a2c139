from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mall.kernel import clock
from members import selectors
from members.errors import NotEnoughPoints
from members.models import PointsAccount, PointsEntry
from members.services import earn_points, expire_points, return_points, reverse_points, spend_points
from members.testing import make_member

pytestmark = pytest.mark.django_db
AT = clock.now()


def cause(number, kind="order"):
    return {"source_type": kind, "source_id": str(number), "at": AT}


def books(member):
    account = PointsAccount.objects.get(member=member)
    assert account.balance == sum(account.entries.values_list("delta", flat=True))
    return account.balance, account.debt


def test_points_come_and_go_and_the_ledger_tells_it():
    member = make_member()

    earn_points(member_id=member.pk, points=300, **cause(1))
    spend_points(member_id=member.pk, points=120, **cause(2))
    return_points(member_id=member.pk, points=20, **cause(2))

    assert books(member) == (200, 0)
    entries = selectors.points_entries(member.pk)
    assert [(entry.kind, entry.delta, entry.balance) for entry in entries] == [
        ("return", 20, 200),
        ("spend", -120, 180),
        ("earn", 300, 300),
    ]


def test_a_cause_is_booked_once():
    member = make_member()

    first = earn_points(member_id=member.pk, points=300, **cause(1))
    again = earn_points(member_id=member.pk, points=300, **cause(1))

    assert first == again
    assert books(member) == (300, 0)


def test_more_than_there_is_cannot_be_spent():
    member = make_member(points=99)

    with pytest.raises(NotEnoughPoints) as refusal:
        spend_points(member_id=member.pk, points=100, **cause(1))

    assert refusal.value.facts == {"available": 99}
    assert books(member) == (99, 0)


def test_a_claw_back_becomes_debt_that_later_points_pay():
    member = make_member()
    earn_points(member_id=member.pk, points=100, **cause(1))
    spend_points(member_id=member.pk, points=70, **cause(2))

    reverse_points(member_id=member.pk, points=100, **cause("r1", "refund"))
    assert books(member) == (0, 70)

    earn_points(member_id=member.pk, points=50, **cause(3))
    assert books(member) == (0, 20)

    earn_points(member_id=member.pk, points=50, **cause(4))
    assert books(member) == (30, 0)


def test_nothing_is_booked_for_no_points_and_a_negative_number_is_a_bug():
    member = make_member()

    assert earn_points(member_id=member.pk, points=0, **cause(1)) is None
    with pytest.raises(ValueError, match="from zero"):
        spend_points(member_id=member.pk, points=-5, **cause(2))

    assert not PointsEntry.objects.filter(account__member=member).exists()


def test_what_runs_out_first_is_spent_first():
    member = make_member()
    earn_points(
        member_id=member.pk,
        points=100,
        source_type="order",
        source_id="old",
        at=AT - timedelta(days=400),
    )
    earn_points(
        member_id=member.pk,
        points=50,
        source_type="order",
        source_id="new",
        at=AT - timedelta(days=10),
    )
    spend_points(
        member_id=member.pk,
        points=80,
        source_type="order",
        source_id="x",
        at=AT - timedelta(days=100),
    )

    assert expire_points(at=AT) == 1
    assert books(member) == (50, 0)
    assert expire_points(at=AT) == 0


def test_points_past_their_time_cannot_be_spent_though_no_task_ran():
    member = make_member()
    earn_points(
        member_id=member.pk,
        points=100,
        source_type="order",
        source_id="old",
        at=AT - timedelta(days=366),
    )

    with pytest.raises(NotEnoughPoints) as refusal:
        spend_points(member_id=member.pk, points=1, **cause(1))

    assert refusal.value.facts == {"available": 0}


def test_the_last_instant_of_points_is_half_open():
    member = make_member()
    earned_at = AT - timedelta(days=365)
    earn_points(member_id=member.pk, points=10, source_type="order", source_id="1", at=earned_at)

    assert expire_points(at=AT - timedelta(microseconds=1)) == 0
    assert expire_points(at=AT) == 1


def test_points_that_end_soon_are_told():
    member = make_member()
    earned_at = AT - timedelta(days=350)
    earn_points(member_id=member.pk, points=100, source_type="order", source_id="1", at=earned_at)
    earn_points(member_id=member.pk, points=100, **cause(2))
    spend_points(member_id=member.pk, points=40, **cause(3))

    assert selectors.points_ending(member.pk, AT) == (60, earned_at + timedelta(days=365))


MOVES = st.lists(
    st.tuples(st.sampled_from(["earn", "spend", "return", "reverse"]), st.integers(0, 500)),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(MOVES)
def test_whatever_happens_the_books_balance_and_nothing_is_negative(moves):
    member = make_member()
    verbs = {
        "earn": earn_points,
        "spend": spend_points,
        "return": return_points,
        "reverse": reverse_points,
    }
    net = 0

    for number, (kind, points) in enumerate(moves):
        try:
            verbs[kind](member_id=member.pk, points=points, **cause(number))
        except NotEnoughPoints:
            continue
        net += points if kind in {"earn", "return"} else -points

    balance, debt = books(member)
    assert balance - debt == net
    assert min(balance, debt) == 0
