from datetime import timedelta

import pytest

from catalog.selectors import skus_for_pricing
from catalog.testing import make_product
from mall.kernel.errors import NotFound
from mall.kernel.testing.queries import count_queries
from members.testing import make_member
from promotions.models import Announcement, HelpPage, HotWord
from promotions.selectors import (
    claimable_coupons,
    deal_on,
    grants,
    help_page,
    hot_words,
    news,
    offer_state,
    usable_count,
    usable_grants,
)
from promotions.services import claim_coupon, lock_grants
from promotions.testing import AT, make_coupon, make_grant, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_wallet_is_sorted_by_what_can_be_done_with_its_copies():
    member = make_member()
    usable = make_grant(member=member)
    early = make_grant(member=member, coupon=make_coupon(starts_at=AT + HOUR))
    over = make_grant(member=member, coupon=make_coupon(ends_at=AT + timedelta(minutes=1)))
    locked = make_grant(member=member)
    make_grant(member=make_member())
    lock_grants(grant_ids=[locked.pk], member_id=member.pk, order_number="A1", at=AT)
    at = AT + timedelta(minutes=1)

    assert list(grants(member.pk, "usable", at)) == [early, usable]
    assert list(grants(member.pk, "used", at)) == [locked]
    assert list(grants(member.pk, "expired", at)) == [over]
    assert list(usable_grants(member.pk, at)) == [usable]
    assert usable_count(member.pk, at) == 1


def test_the_coupon_centre_knows_what_the_reader_has():
    member = make_member()
    taken, gone, open_one = make_coupon(), make_coupon(total=1), make_coupon()
    for status in ("draft", "paused"):
        make_coupon(status=status)
    make_coupon(is_claimable=False)
    make_coupon(starts_at=AT + HOUR)
    claim_coupon(coupon_id=taken.pk, member_id=member.pk, at=AT)
    claim_coupon(coupon_id=gone.pk, member_id=make_member().pk, at=AT)

    mine = {coupon: offer_state(coupon, AT) for coupon in claimable_coupons(member.pk, AT)}
    guests = {coupon: offer_state(coupon, AT) for coupon in claimable_coupons(None, AT)}

    assert mine == {taken: "taken", gone: "gone", open_one: "open"}
    assert guests == {taken: "open", gone: "gone", open_one: "open"}


@pytest.mark.parametrize("coupons", [2, 50])
def test_wallet_and_coupon_centre_cost_one_statement(coupons):
    member = make_member()
    for _n in range(coupons):
        make_grant(member=member)

    with count_queries(at_most=1):
        assert len({grant.coupon.title_zh for grant in grants(member.pk, "usable", AT)}) == coupons
    with count_queries(at_most=1):
        found = claimable_coupons(member.pk, AT)
        assert len([offer_state(coupon, AT) for coupon in found]) == coupons


def test_a_product_page_has_everybodys_prices_and_the_campaigns_of_its_skus():
    product, other = make_product(skus=2, price_fen=10_000), make_product(price_fen=10_000)
    first = make_threshold_off(priority=1)
    reduced, plain = product.skus.order_by("pk")
    on_sale = make_sale(prices={reduced.pk: 9_000})
    make_sale(prices={other.skus.get().pk: 9_000})
    make_threshold_off(starts_at=AT + HOUR)
    begins_now = make_threshold_off(starts_at=AT, priority=200)
    facts = skus_for_pricing([reduced.pk, plain.pk], AT)

    with count_queries(at_most=2):
        deal = deal_on(facts, AT)

    assert deal.campaigns == [first, on_sale, begins_now]
    assert deal.prices == {
        reduced.pk: (9_000, facts[reduced.pk].list_price_fen),
        plain.pk: (10_000, facts[plain.pk].list_price_fen),
    }


def test_home_news_are_those_that_are_not_over():
    shown = Announcement.objects.create(title_zh="新", title_en="New", starts_at=AT)
    Announcement.objects.create(title_zh="旧", title_en="Old", starts_at=AT - HOUR, ends_at=AT)
    Announcement.objects.create(title_zh="后", title_en="Next", starts_at=AT + HOUR)

    with count_queries(at_most=1):
        found = news(AT)

    assert [row["pk"] for row in found] == [shown.pk]


def test_words_and_help_come_in_the_operators_order():
    tea = HotWord.objects.create(word_zh="茶", word_en="tea", sort=2)
    cup = HotWord.objects.create(word_zh="杯", word_en="cup", sort=1)
    HelpPage.objects.create(
        slug="freight", title_zh="运费", title_en="Freight", body_zh="五元", body_en="Five"
    )

    assert hot_words() == [cup, tea]
    assert help_page("freight").body_zh == "五元"
    with pytest.raises(NotFound):
        help_page("nothing")
