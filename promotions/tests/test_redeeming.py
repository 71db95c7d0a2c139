from datetime import timedelta

import pytest

from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from promotions.errors import (
    CampaignNotReady,
    CodeUnknown,
    CodeUsedUp,
    CouponLimitReached,
    CouponNotClaimable,
    CouponSoldOut,
    TierNotMet,
)
from promotions.models import CodeBatch, CouponCode, CouponGrant
from promotions.selectors import channels_of_batch
from promotions.services import draw_codes, export_codes, order_codes, redeem_code, stop_codes
from promotions.tasks import draw_codes as draw_task
from promotions.testing import AT, ENDS_AT, STARTS_AT, make_coupon

pytestmark = pytest.mark.django_db


def batch(*, coupon=None, word="", actor=None, **values):
    row = CodeBatch(
        **{
            "coupon": coupon or make_coupon(is_claimable=False),
            "title": "社群福利",
            "shape": "single",
            "pieces": 3,
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            **values,
        }
    )
    return order_codes(batch=row, word=word, actor=actor, at=AT)


def redeem(code, member=None, at=AT, channel=""):
    member = member or make_member()
    return redeem_code(code=code, member_id=member.pk, at=at, channel=channel)


def codes_of(batch):
    return list(batch.codes.order_by("pk").values_list("code", flat=True))


def test_a_batch_is_drawn_to_the_last_code_and_each_has_80_bits(monkeypatch):
    monkeypatch.setattr("promotions.services.redeeming.DRAW", 4)
    ordered = batch(pieces=10)

    assert draw_codes() == 10
    assert draw_codes() == 0

    ordered.refresh_from_db()
    assert ordered.made == 10
    drawn = codes_of(ordered)
    assert len(set(drawn)) == 10
    assert all(
        len(code) == 16 and set(code) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for code in drawn
    )
    assert 32**16 == 2**80


def test_each_code_gives_one_copy_once():
    ordered = batch()
    draw_codes()
    code, member = codes_of(ordered)[0], make_member()

    grant = redeem(f" {code[:8]} {code[8:].lower()} ", member)
    with pytest.raises(CodeUsedUp):
        redeem(code)

    assert (grant.member, grant.source_type) == (member, "code")
    ordered.coupon.refresh_from_db()
    assert ordered.coupon.issued == CouponGrant.objects.count() == 1
    assert CouponCode.objects.get(code=code).uses == 1


def test_P_11_a_welfare_code_records_the_group_whose_link_brought_it():
    ordered = batch(shape="shared", pieces=3, word="tuangou2026")
    assert codes_of(ordered) == ["TUANGOU2026"]

    redeem("TUANGOU2026", channel="group-12")
    redeem("tuangou2026", channel="group-12")
    redeem("TUANGOU2026", channel="<script>")
    with pytest.raises(CodeUsedUp):
        redeem("TUANGOU2026", channel="group-7")

    assert channels_of_batch(ordered.pk) == [("group-12", 2), ("", 1)]
    assert CouponCode.objects.get().uses == 3


def test_a_member_redeems_a_shared_code_once_even_of_a_coupon_one_may_have_often():
    batch(coupon=make_coupon(per_member=5), shape="shared", pieces=10, word="FULI2026")
    member = make_member()
    redeem("FULI2026", member)

    with pytest.raises(CouponLimitReached):
        redeem("FULI2026", member)

    assert CouponCode.objects.get().uses == CouponGrant.objects.count() == 1


def test_a_shared_code_without_a_word_is_drawn():
    assert len(codes_of(batch(shape="shared"))[0]) == 16


@pytest.mark.parametrize(
    ("coupon", "error"),
    [
        ({"status": "paused"}, CouponNotClaimable),
        ({"total": 1, "issued": 1}, CouponSoldOut),
        ({"tier_codes": ["gold"]}, TierNotMet),
    ],
)
def test_a_code_opens_no_coupon_that_is_not_given_out(coupon, error):
    batch(coupon=make_coupon(**coupon), shape="shared", word="FULI2026")

    with pytest.raises(error):
        redeem("FULI2026")

    assert CouponCode.objects.get().uses == 0


def test_codes_work_in_their_window_only_and_not_once_stopped():
    starts_at, ends_at = AT, AT + timedelta(hours=1)
    ordered = batch(shape="shared", word="FULI2026", starts_at=starts_at, ends_at=ends_at)

    for at in (starts_at - timedelta(seconds=1), ends_at):
        with pytest.raises(CodeUnknown):
            redeem("FULI2026", at=at)
    assert redeem("FULI2026", at=ends_at - timedelta(seconds=1)).seq == 1
    assert stop_codes(batch_id=ordered.pk, at=AT) is True
    assert stop_codes(batch_id=ordered.pk, at=AT) is False
    with pytest.raises(CodeUnknown):
        redeem("FULI2026")


@pytest.mark.parametrize("code", ["", "NO-SUCH-CODE", "\x00", "福利"])
def test_what_is_no_code_is_not_found(code):
    with pytest.raises(CodeUnknown):
        redeem(code)


@pytest.mark.parametrize(
    "values",
    [
        {"pieces": 0},
        {"pieces": 1_000_001},
        {"ends_at": STARTS_AT},
        {"word": "FULI2026"},
        {"shape": "shared", "word": "短"},
        {"shape": "shared", "word": "12345"},
    ],
)
def test_a_batch_that_makes_no_sense_is_refused(values):
    with pytest.raises((InvalidInput, CampaignNotReady)):
        batch(**values)

    assert not CodeBatch.objects.exists()


def test_a_word_that_is_taken_is_refused():
    batch(shape="shared", word="FULI2026")

    with pytest.raises(InvalidInput):
        batch(shape="shared", word="fuli2026")


def test_a_batch_of_a_coupon_that_is_over_is_refused():
    with pytest.raises(CampaignNotReady):
        batch(coupon=make_coupon(ends_at=AT))


def test_who_takes_codes_away_is_on_record():
    operator = make_operator()
    ordered = batch(actor=operator)
    draw_codes()
    redeem(codes_of(ordered)[0])

    rows = list(export_codes(batch_id=ordered.pk, actor=operator, at=AT))

    assert [uses for _code, uses in rows] == [1, 0, 0]
    verbs = AuditEntry.objects.filter(actor=operator).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["promotions.order_codes", "promotions.export_codes"]


def test_a_redemption_costs_the_same_in_a_batch_of_two_and_of_fifty():
    counts = []
    for pieces in (2, 50):
        ordered = batch(pieces=pieces)
        draw_codes()
        member = make_member()
        with count_queries(at_most=11) as statements:
            redeem(codes_of(ordered)[0], member)
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_the_task_has_the_name_that_beat_calls():
    assert draw_task.name == "promotions.draw_codes"
