from datetime import timedelta

import pytest

from mall.kernel.errors import InvalidInput, NotFound
from members.testing import make_member
from promotions.errors import DeedRefused, OwnLink, ShareNotOn
from promotions.models import CouponGrant, DeedRule, ShareCredit, ShareLink, ShareRule
from promotions.services import Footprint, credit_visit, digest, open_share_link
from promotions.testing import AT, ENDS_AT, STARTS_AT, make_coupon

pytestmark = pytest.mark.django_db


def share_rule(**values):
    return ShareRule.objects.create(
        **{
            "title_zh": "分享有礼",
            "title_en": "Share",
            "sharer_coupon": make_coupon(per_member=99, is_claimable=False),
            "visitor_coupon": make_coupon(is_claimable=False),
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            "is_on": True,
            **values,
        }
    )


def link_of(member, path="/product/1/"):
    return open_share_link(member_id=member.pk, path=path, at=AT)


def visit(link, visitor=None, at=AT, **values):
    visitor = visitor or make_member()
    return credit_visit(token=link.token, visitor_id=visitor.pk, at=at, **values)


def given_to(member):
    return CouponGrant.objects.filter(member=member).count()


def test_P_10_a_valid_visit_credits_sharer_and_visitor_once_per_pair():
    share_rule()
    sharer, visitor = make_member(), make_member()
    link = link_of(sharer)

    assert visit(link, visitor).visitor == visitor
    assert visit(link, visitor) is None
    assert visit(link_of(sharer, "/product/2/"), visitor) is None

    assert (given_to(sharer), given_to(visitor)) == (1, 1)
    assert ShareCredit.objects.count() == 1
    assert set(CouponGrant.objects.values_list("channel", flat=True)) == {
        f"share:{sharer.pk}",
        f"share:{visitor.pk}",
    }


def test_every_friend_counts():
    share_rule()
    sharer = make_member()
    link = link_of(sharer)

    for _n in range(3):
        visit(link)

    assert given_to(sharer) == 3


@pytest.mark.parametrize("side", ["sharer_coupon", "visitor_coupon"])
def test_a_rule_may_give_to_one_side_only(side):
    other = {"sharer_coupon": "visitor_coupon", "visitor_coupon": "sharer_coupon"}[side]
    share_rule(**{other: None})
    sharer, visitor = make_member(), make_member()

    visit(link_of(sharer), visitor)

    expected = (1, 0) if side == "sharer_coupon" else (0, 1)
    assert (given_to(sharer), given_to(visitor)) == expected


def test_the_sharer_is_credited_so_often_a_day_and_visitors_always():
    share_rule(daily_most=2)
    sharer = make_member()
    link = link_of(sharer)
    visitors = [make_member() for _n in range(3)]

    for visitor in visitors:
        visit(link, visitor)
    assert given_to(sharer) == 2
    assert [given_to(visitor) for visitor in visitors] == [1, 1, 1]

    visit(link, at=AT + timedelta(days=1))
    assert given_to(sharer) == 3


def test_nobody_comes_by_their_own_link():
    share_rule()
    sharer = make_member()

    with pytest.raises(OwnLink):
        visit(link_of(sharer), sharer)

    assert not CouponGrant.objects.exists()


def test_an_unknown_token_is_not_found():
    with pytest.raises(NotFound):
        credit_visit(token="no-such-token", visitor_id=make_member().pk, at=AT)


@pytest.mark.parametrize("values", [{"is_on": False}, {"starts_at": AT + timedelta(1)}])
def test_without_a_rule_that_is_on_nothing_is_shared(values):
    share_rule(**values)

    with pytest.raises(ShareNotOn):
        link_of(make_member())

    assert not ShareLink.objects.exists()


def test_a_rule_that_ended_credits_nobody():
    share_rule(ends_at=AT + timedelta(hours=1))
    link = link_of(make_member())

    with pytest.raises(ShareNotOn):
        visit(link, at=AT + timedelta(hours=1))


@pytest.mark.parametrize(
    "path",
    ["", "product/1/", "//evil.example/", "https://evil.example", "/" * 201]
    + ["/\\evil.example", "/\t/evil.example"],
)
def test_only_pages_of_the_shop_are_shared(path):
    share_rule()

    with pytest.raises(InvalidInput):
        link_of(make_member(), path)


def test_the_same_page_has_the_same_link():
    share_rule()
    member = make_member()

    assert link_of(member).token == link_of(member).token
    assert len(link_of(member).token) == 22


def test_a_coupon_that_is_gone_gives_nothing_and_the_visit_still_counts():
    share_rule(
        sharer_coupon=make_coupon(total=1, issued=1), visitor_coupon=make_coupon(status="paused")
    )

    visit(link_of(make_member()))

    assert ShareCredit.objects.count() == 1
    assert not CouponGrant.objects.exists()


def test_P_65_accounts_on_one_device_are_one_visitor():
    DeedRule.objects.create(deed="share", origin="device", counts="members", most=1)
    share_rule()
    link, phone = link_of(make_member()), Footprint(device=digest("one phone"))
    visit(link, footprint=phone)

    with pytest.raises(DeedRefused):
        visit(link, footprint=phone)

    assert ShareCredit.objects.count() == 1
