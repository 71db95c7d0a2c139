"""The demo gives by its verbs, and a rerun gives nothing twice."""

import pytest

from mall.console.demo.giving import seed_giving
from mall.console.demo.seeding import Seeding, Tally
from mall.kernel.invariants import audit
from members.models import WalletEntry
from members.testing import make_member, make_operator
from orders.selectors import charity_view
from orders.testing import NOON, make_order
from promotions.models import Lottery, RedPacket

pytestmark = pytest.mark.django_db


def test_charity_packets_and_a_draw_are_there_once():
    make_operator(username="admin")
    member = make_member(phone="13800000001")
    make_order(member=member, paid=True)
    seeding = Seeding(at=NOON, tell=print)

    assert seed_giving(seeding) == Tally(3, 0)
    assert seed_giving(seeding) == Tally(0, 3)

    assert charity_view().raised_fen == 100
    assert Lottery.objects.get().status == "live"
    assert RedPacket.objects.get().left_shares == 4
    assert WalletEntry.objects.get().wallet.member == member
    assert [law.code for law, found in audit() if found] == []
