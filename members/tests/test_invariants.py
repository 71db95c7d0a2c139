import pytest
from django.db import connection

from mall.kernel import clock
from mall.kernel.invariants import audit
from members import services
from members.testing import make_address, make_member

pytestmark = pytest.mark.django_db


def broken():
    return {invariant.code: found.rows for invariant, found in audit() if found}


@pytest.fixture
def member():
    member = make_member(points=10, tier="gold")
    make_address(member=member)
    services.open_sign_in(
        account=member.account, door="api", handle="h", device="d", client_ip="", at=clock.now()
    )
    return member


def test_the_verbs_break_nothing(member):
    assert broken() == {}


@pytest.mark.parametrize(
    ("code", "sql"),
    [
        ("INV-19a", "UPDATE members_pointsaccount SET balance = balance + 1"),
        ("INV-19b", "UPDATE members_member SET growth_fen = growth_fen + 1"),
        ("INV-19c", "UPDATE members_tier SET threshold_fen = 90000 WHERE code = 'gold'"),
        ("INV-35a", "UPDATE members_account SET phone = '+8613800000'"),
        ("INV-39", "UPDATE members_account SET is_active = false"),
    ],
)
def test_one_row_edited_by_hand_is_named(member, code, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)

    assert len(broken()[code]) == 1
