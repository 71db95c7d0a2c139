import pytest

from mall.kernel import notify
from mall.kernel.notify.models import Message
from mall.kernel.outbox import relay_batch
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries
from members.testing import make_member
from promotions.errors import CouponNotClaimable, CouponSoldOut
from promotions.models import Coupon, CouponGrant
from promotions.services import Words, claim_coupon, issue_coupons
from promotions.testing import AT, make_coupon

pytestmark = pytest.mark.django_db


def issue(coupon, members, source_id="1"):
    return issue_coupons(
        coupon_id=coupon.pk,
        member_ids=[member.pk for member in members],
        source_type="care",
        source_id=source_id,
        at=AT,
    )


def test_every_member_gets_one_copy_and_is_told_once():
    coupon = make_coupon()
    members = [make_member() for _n in range(3)]

    assert issue(coupon, members) == 3
    assert issue(coupon, members) == 0

    coupon.refresh_from_db()
    assert coupon.issued == CouponGrant.objects.count() == 3
    told = Message.objects.filter(template="promotions.coupon_received")
    assert set(told.values_list("account_id", flat=True)) == {m.account_id for m in members}
    _title, body = notify.render(told[0].template, told[0].params)
    assert coupon.title_zh in body
    event = OutboxEvent.objects.get(name="promotions.coupons_issued")
    assert event.payload["member_ids"] == sorted(member.pk for member in members)


def test_who_has_had_enough_gets_none():
    coupon = make_coupon(per_member=1)
    old, new = make_member(), make_member()
    claim_coupon(coupon_id=coupon.pk, member_id=old.pk, at=AT)

    assert issue(coupon, [old, new]) == 1

    assert sorted(CouponGrant.objects.values_list("member_id", "seq")) == [
        (old.pk, 1),
        (new.pk, 1),
    ]


def test_another_cause_gives_another_copy_up_to_the_limit():
    coupon, member = make_coupon(per_member=2), make_member()

    assert [issue(coupon, [member], source_id=str(n)) for n in range(3)] == [1, 1, 0]


def test_no_more_are_given_than_there_are():
    coupon = make_coupon(total=2)

    assert issue(coupon, [make_member() for _n in range(3)]) == 2
    assert issue(coupon, [make_member()], source_id="2") == 0

    coupon.refresh_from_db()
    assert coupon.issued == CouponGrant.objects.count() == 2


def test_pieces_that_a_rival_takes_meanwhile_undo_the_whole_issue(monkeypatch):
    coupon = make_coupon(total=1)
    issuing = "promotions.services.issuing.new_grant"
    from promotions.services.giving import new_grant

    def rival_first(*args, **kwargs):
        Coupon.objects.update(issued=1)
        return new_grant(*args, **kwargs)

    monkeypatch.setattr(issuing, rival_first)

    with pytest.raises(CouponSoldOut):
        issue(coupon, [make_member()])

    assert not CouponGrant.objects.exists()


@pytest.mark.parametrize("values", [{"status": "paused"}, {"status": "draft"}, {"ends_at": AT}])
def test_only_live_coupons_are_issued(values):
    with pytest.raises(CouponNotClaimable):
        issue(make_coupon(**values), [make_member()])


def test_an_issue_names_its_cause():
    with pytest.raises(ValueError, match="cause"):
        issue(make_coupon(), [make_member()], source_id="")


def test_an_issue_costs_the_same_for_two_members_and_for_fifty():
    coupon = make_coupon(total=1000)
    counts = []
    for number, size in enumerate((2, 50)):
        members = [make_member() for _n in range(size)]
        with count_queries(at_most=8) as statements:
            assert issue(coupon, members, source_id=str(number)) == size
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_a_new_member_gets_the_newcomer_coupon_once():
    make_coupon(code="newcomer", is_claimable=False)

    member = make_member(at=AT)
    relay_batch(AT)
    relay_batch(AT)

    grant = CouponGrant.objects.get()
    assert (grant.member_id, grant.source_type) == (member.pk, "joined")


@pytest.mark.parametrize("values", [{"status": "paused"}, {"total": 1, "issued": 1}])
def test_without_a_live_newcomer_coupon_joining_gives_nothing(values):
    make_coupon(code="newcomer", **values)
    make_member(at=AT)

    relay_batch(AT)

    assert not CouponGrant.objects.exists()
    assert not OutboxEvent.objects.exclude(last_error="").exists()


def test_a_coupon_of_some_tiers_is_issued_to_them_alone():
    coupon = make_coupon(tier_codes=["gold"])
    gold, silver = make_member(tier="gold"), make_member(tier="silver")

    assert issue(coupon, [gold, silver]) == 1

    assert CouponGrant.objects.get().member == gold


def test_a_coupon_whose_budget_is_spent_is_not_issued():
    with pytest.raises(CouponNotClaimable):
        issue(make_coupon(budget_fen=1_000, spent_fen=1_000), [make_member()])


def test_an_issue_may_name_its_channel_and_speak_in_words_of_its_own():
    member = make_member()
    issue_coupons(
        coupon_id=make_coupon().pk,
        member_ids=[member.pk],
        source_type="care",
        source_id="1",
        channel="care:7",
        words=Words("analytics.care_cart", "storefront:cart"),
        at=AT,
    )

    assert CouponGrant.objects.get().channel == "care:7"
    message = Message.objects.get()
    assert (message.template, message.route) == ("analytics.care_cart", "storefront:cart")
