"""A threshold changes while growth is being posted; the control leaves a member on a tier that is
not reached. Source: M-07 to M-09."""

import pytest
from django.db import OperationalError, connection

from mall.kernel import clock
from mall.kernel.testing.race import rival_before
from members.models import Member, Tier
from members.services import add_growth, change_tier
from members.testing import make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member():
    return make_member()


def silver():
    return Tier.objects.get(code="silver")


def grow(member):
    """Just enough for silver as it is now."""
    fen = silver().threshold_fen
    add_growth(
        member_id=member.pk, delta_fen=fen, source_type="order", source_id="1", at=clock.now()
    )


def raise_silver():
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    higher = silver().threshold_fen + 1
    change_tier(tier=silver(), changes={"threshold_fen": higher}, actor=None, at=clock.now())


def is_on_its_tier(member):
    member = Member.objects.select_related("tier").get(pk=member.pk)
    reached = Tier.objects.filter(threshold_fen__lte=member.growth_fen)
    return member.tier == reached.order_by("-threshold_fen").first()


def test_a_threshold_that_changes_waits_for_growth_that_is_being_posted(member):
    with rival_before("members.services.growing.tier_for", raise_silver) as rival:
        grow(member)

    assert isinstance(rival.error, OperationalError)
    assert is_on_its_tier(member)
    raise_silver()
    assert is_on_its_tier(member)
    assert Member.objects.get(pk=member.pk).tier.code != "silver"


def test_control_without_the_ladders_lock_a_member_stays_on_a_tier_that_is_not_reached(
    member, monkeypatch
):
    monkeypatch.setattr("members.services.growing.hold_ladder", lambda: None)

    with rival_before("members.services.growing.tier_for", raise_silver) as rival:
        grow(member)

    assert rival.error is None
    assert not is_on_its_tier(member)
