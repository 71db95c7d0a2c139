from datetime import timedelta

import pytest
from django.utils import translation

from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput
from members.testing import make_member
from promotions.errors import CampaignNotReady
from promotions.models import Coupon
from promotions.presenting import coupon_dict, coupon_offer_dict, grant_dict, offer_dict
from promotions.selectors import claimable_coupons
from promotions.services import (
    CouponValues,
    claim_coupon,
    lock_grants,
    pause_coupon,
    publish_coupon,
    save_coupon,
)
from promotions.testing import AT, ENDS_AT, STARTS_AT, make_coupon, make_grant, make_threshold_off

pytestmark = pytest.mark.django_db


def values(**changes):
    return CouponValues(
        **{
            "code": "ten-off",
            "title_zh": "十元券",
            "title_en": "Ten off",
            "kind": "amount",
            "off_fen": 1_000,
            "total": 100,
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            **changes,
        }
    )


def test_a_coupon_goes_from_draft_to_live_to_paused():
    coupon = save_coupon(values=values(), at=AT)
    assert coupon.status == "draft"

    publish_coupon(coupon_id=coupon.pk, at=AT)
    assert claim_coupon(coupon_id=coupon.pk, member_id=make_member().pk, at=AT).seq == 1
    pause_coupon(coupon_id=coupon.pk, at=AT)

    coupon.refresh_from_db()
    assert (coupon.status, coupon.issued) == ("paused", 1)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "promotions.save_coupon",
        "promotions.publish_coupon",
        "promotions.pause_coupon",
    ]


def test_a_change_counts_the_version_and_keeps_what_was_given():
    coupon = save_coupon(values=values(), at=AT)
    publish_coupon(coupon_id=coupon.pk, at=AT)
    claim_coupon(coupon_id=coupon.pk, member_id=make_member().pk, at=AT)

    save_coupon(values=values(off_fen=2_000), coupon_id=coupon.pk, at=AT)

    coupon.refresh_from_db()
    assert (coupon.version, coupon.off_fen, coupon.issued) == (2, 2_000, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "gift"},
        {"off_fen": 0},
        {"off_fen": 5_000, "threshold_fen": 5_000},
        {"kind": "rate", "rate_bp": 10_000},
        {"kind": "rate", "rate_bp": 0},
        {"kind": "rate", "rate_bp": 9_000, "cap_fen": 0},
        {"total": 0},
        {"per_member": 0},
        {"ends_at": STARTS_AT},
        {"scope_kind": "brand", "scope_ids": (10**9,)},
    ],
)
def test_a_coupon_that_makes_no_sense_is_refused(changes):
    with pytest.raises(InvalidInput):
        save_coupon(values=values(**changes), at=AT)

    assert not Coupon.objects.exists()


def test_the_pieces_never_fall_below_those_given_out():
    coupon = save_coupon(values=values(), at=AT)
    publish_coupon(coupon_id=coupon.pk, at=AT)
    for _n in range(2):
        claim_coupon(coupon_id=coupon.pk, member_id=make_member().pk, at=AT)

    with pytest.raises(InvalidInput):
        save_coupon(values=values(total=1), coupon_id=coupon.pk, at=AT)


def test_a_coupon_that_is_over_cannot_go_live():
    coupon = save_coupon(values=values(), at=AT)

    with pytest.raises(CampaignNotReady):
        publish_coupon(coupon_id=coupon.pk, at=ENDS_AT)


def test_a_coupon_shows_the_numbers_of_its_kind_in_the_readers_language():
    coupon = make_coupon(
        kind="rate", rate_bp=8_500, cap_fen=3_000, title_zh="八五折券", title_en="15% coupon"
    )

    with translation.override("zh-hans"):
        assert coupon_dict(coupon)["label"] == "八五折券"
    with translation.override("en"):
        shown = coupon_dict(coupon)

    assert shown == {
        "id": coupon.pk,
        "kind": "rate",
        "label": "15% coupon",
        "threshold_fen": 0,
        "off_fen": None,
        "rate_bp": 8_500,
        "cap_fen": 3_000,
        "exchange_price_fen": None,
        "scope": "Whole shop",
        "audience": [],
        "first_order": False,
    }


def test_a_copy_shows_its_state_as_of_an_instant():
    member = make_member()
    grant = make_grant(member=member)

    assert grant_dict(grant, AT)["state"] == "usable"
    assert grant_dict(grant, grant.ends_at)["state"] == "expired"
    assert grant_dict(grant)["ends_at"] == "2099-01-01T00:00:00Z"
    lock_grants(grant_ids=[grant.pk], member_id=member.pk, order_number="A1", at=AT)
    grant.refresh_from_db()
    assert grant_dict(grant, AT + timedelta(days=99))["state"] == "locked"


def test_a_campaign_is_labelled_by_its_first_step():
    campaign = make_threshold_off(steps=((30_000, 5_000), (20_000, 2_050)))

    with translation.override("en"):
        assert offer_dict(campaign)["label"] == "¥20.50 off ¥200"


def test_an_offer_of_the_coupon_centre_says_what_can_be_done():
    coupon = make_coupon()

    shown = coupon_offer_dict(claimable_coupons(None, AT).get(), AT)

    assert (shown["id"], shown["state"], shown["starts_at"]) == (
        coupon.pk,
        "open",
        "2020-01-01T00:00:00Z",
    )
