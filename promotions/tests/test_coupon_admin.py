"""The operators' screens of coupons, codes, sharing and limits."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import translation

from catalog.testing import make_sku
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator, make_segment
from promotions.models import (
    BlockedOrigin,
    CodeBatch,
    Coupon,
    CouponDispatch,
    DeedRecord,
    DeedRule,
    LiveSession,
    ShareCredit,
    ShareLink,
    ShareRule,
)
from promotions.services import draw_codes, order_codes, redeem_code
from promotions.testing import AT, ENDS_AT, STARTS_AT, make_coupon

pytestmark = pytest.mark.django_db
WINDOW = {
    "starts_at_0": "2026-11-01",
    "starts_at_1": "00:00:00",
    "ends_at_0": "2099-12-01",
    "ends_at_1": "00:00:00",
}
COUPON = {
    "code": "ten-off",
    "title_zh": "十元券",
    "title_en": "Ten off",
    "kind": "amount",
    "off_fen": "10",
    "total": 100,
    "per_member": 1,
    "scope_kind": "shop",
    "is_claimable": "on",
    **WINDOW,
}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def sign_in(client, *codenames):
    operator = make_operator(is_superuser=not codenames)
    operator.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(operator, backend="members.backends.AccountBackend")
    return operator


@pytest.fixture
def boss(client):
    return sign_in(client)


def page(name, *args):
    return reverse(f"admin:promotions_{name}", args=args)


def add(client, **values):
    return client.post(page("coupon_add"), {**COUPON, **values})


def errors_of(answer):
    return answer.context["adminform"].form.errors


def test_P_01_a_coupon_for_whom_where_and_with_what_budget_is_typed_in(client, boss):
    assert client.get(page("coupon_add")).status_code == 200

    answer = add(
        client,
        is_first_order="on",
        tiers=["gold", "diamond"],
        regions=["44", "4403"],
        budget_fen="5000",
        valid_minutes="30",
        near_latitude="30.2461",
        near_longitude="120.1551",
        near_metres="3000",
        returns_on_cancel="on",
    )

    assert answer.status_code == 302, errors_of(answer)
    coupon = Coupon.objects.get()
    assert (coupon.tier_codes, coupon.region_prefixes) == (["gold", "diamond"], ["44", "4403"])
    assert (coupon.budget_fen, coupon.valid_minutes, coupon.is_first_order) == (500_000, 30, True)
    assert (coupon.near_latitude, coupon.near_metres) == (Decimal("30.246100"), 3_000)
    assert (coupon.returns_on_cancel, coupon.returns_on_refund) == (True, False)
    shown = client.get(page("coupon_change", coupon.pk)).content.decode()
    assert "广东省" in shown


def test_P_01_an_exchange_coupon_names_its_sku(client, boss):
    sku = make_sku(price_fen=5_000)
    values = {"kind": "exchange", "off_fen": "", "exchange_price_fen": "9.9"}

    nameless = add(client, **values)
    answer = add(client, **values, exchange_sku=sku.pk)

    assert "exchange_sku" in errors_of(nameless)
    assert answer.status_code == 302, errors_of(answer)
    coupon = Coupon.objects.get()
    assert (coupon.exchange_sku, coupon.exchange_price_fen) == (sku, 990)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "rate", "off_fen": ""}, "rate"),
        ({"off_fen": ""}, "off_fen"),
        ({"near_metres": "3000"}, "near_metres"),
        ({"tiers": ["no-such-tier"]}, "tiers"),
        ({"regions": ["99"]}, "regions"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(client, boss, values, field):
    answer = add(client, **values)

    assert field in errors_of(answer)
    assert not Coupon.objects.exists()


def test_a_budget_begins_before_the_first_copy(client, boss):
    add(client)
    coupon = Coupon.objects.get()
    Coupon.objects.update(issued=0, status="live")
    draft = {**COUPON, "budget_fen": "100"}
    assert client.post(page("coupon_change", coupon.pk), draft).status_code == 302
    coupon.refresh_from_db()
    assert coupon.budget_fen == 10_000
    Coupon.objects.update(budget_fen=None, issued=1)

    client.post(page("coupon_change", coupon.pk), draft)

    coupon.refresh_from_db()
    assert coupon.budget_fen is None


ORDER = {"title": "合作方", "shape": "single", "pieces": 3, "word": "", **WINDOW}


def order(client, coupon, **values):
    return client.post(page("codebatch_order"), {**ORDER, "coupon": coupon.pk, **values})


def test_codes_are_ordered_drawn_taken_away_and_stopped(client, boss):
    coupon = make_coupon(title_zh="合作券")
    chosen = client.get(page("coupon_codes", coupon.pk))
    assert chosen.url.endswith(f"?coupon={coupon.pk}")
    assert client.get(chosen.url).status_code == 200

    assert order(client, coupon).status_code == 302
    assert draw_codes() == 3
    batch = CodeBatch.objects.get()
    file = client.get(page("codebatch_export", batch.pk))
    assert file["Content-Type"].startswith("text/csv")
    codes = [line.split(",")[0] for line in file.content.decode().split("\r\n")[1:4]]
    assert sorted(codes) == sorted(batch.codes.values_list("code", flat=True))
    assert client.post(page("codebatch_stop", batch.pk)).status_code == 302

    batch.refresh_from_db()
    assert batch.is_stopped
    verbs = AuditEntry.objects.filter(actor=boss).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "promotions.order_codes",
        "promotions.export_codes",
        "promotions.stop_codes",
    ]


def test_a_welfare_code_and_its_channels_are_shown(client, boss):
    order(client, make_coupon(), shape="shared", word="fuli2026")
    redeem_code(code="FULI2026", member_id=make_member().pk, channel="group-12", at=AT)

    shown = client.get(page("codebatch_change", CodeBatch.objects.get().pk)).content.decode()

    assert "FULI2026" in shown
    assert "group-12: 1" in shown


def test_an_order_that_is_refused_says_why(client, boss):
    client.cookies["django_language"] = "en"
    answer = order(client, make_coupon(), shape="single", word="FULI2026")

    assert "6 to 32 letters and digits" in answer.content.decode()
    assert not CodeBatch.objects.exists()


def test_who_may_see_codes_may_not_take_them_away(client):
    sign_in(client, "view_codebatch")
    batch = order_codes(
        batch=CodeBatch(
            coupon=make_coupon(), title="x", shape="shared", pieces=1,
            starts_at=STARTS_AT, ends_at=ENDS_AT,
        ),
        at=AT,
    )  # fmt: skip

    assert client.get(page("codebatch_change", batch.pk)).status_code == 200
    assert client.get(page("codebatch_export", batch.pk)).status_code == 403
    assert client.post(page("codebatch_stop", batch.pk)).status_code == 403
    assert client.post(page("codebatch_order"), ORDER).status_code == 403


def test_a_dispatch_holds_a_share_back(client, boss):
    values = {
        "coupon": make_coupon().pk,
        "segment": make_segment(members=[make_member()]).pk,
        "scheduled_at_0": "",
        "scheduled_at_1": "",
    }

    refused = client.post(page("coupondispatch_send"), {**values, "control_percent": "51"})
    assert refused.status_code == 200
    assert (
        client.post(page("coupondispatch_send"), {**values, "control_percent": "10"}).status_code
        == 302
    )

    assert CouponDispatch.objects.get().control_bp == 1_000


def record(member, **values):
    return DeedRecord.objects.create(
        **{"deed": "claim", "subject": "coupon:1", "member": member, "at": AT, **values}
    )


def test_a_device_is_shut_out_from_the_list_of_deeds_and_let_in_again(client, boss):
    row = record(make_member(), device="d" * 64, refused="deed_refused")
    assert client.get(page("deedrecord_block", row.pk)).status_code == 200

    form = {"origin": "device", "reason": "羊毛党", "until_0": "", "until_1": ""}
    assert client.post(page("deedrecord_block", row.pk), form).status_code == 302
    unknown = client.post(page("deedrecord_block", row.pk), {**form, "origin": "ip"})

    assert unknown.status_code == 200
    blocked = BlockedOrigin.objects.get()
    assert (blocked.origin, blocked.key) == ("device", "d" * 64)
    action = {"action": "let_in", "_selected_action": [blocked.pk]}
    client.post(page("blockedorigin_changelist"), action)
    assert not BlockedOrigin.objects.exists()


def test_limits_sessions_and_share_rules_are_written_with_a_trail(client, boss):
    DeedRule.objects.all().delete()
    coupon = make_coupon()
    rule = {
        "deed": "claim",
        "origin": "ip",
        "counts": "deeds",
        "most": 5,
        "within_minutes": 10,
        "is_on": "on",
    }
    session = {"title_zh": "双十一", "title_en": "Double 11", "host": "小张", **WINDOW}
    share = {"title_zh": "分享", "title_en": "Share", "sharer_coupon": coupon.pk, "daily_most": 3,
             "is_on": "on", **WINDOW}  # fmt: skip

    for name, values in (("deedrule", rule), ("livesession", session), ("sharerule", share)):
        answer = client.post(page(f"{name}_add"), values)
        assert answer.status_code == 302, errors_of(answer)

    assert (DeedRule.objects.get().most, LiveSession.objects.get().host) == (5, "小张")
    assert ShareRule.objects.get().sharer_coupon == coupon
    assert AuditEntry.objects.filter(actor=boss, verb="promotions.place_content").count() == 3


LISTS = ["codebatch", "livesession", "sharerule", "sharecredit", "deedrule", "deedrecord",
         "blockedorigin"]  # fmt: skip


@pytest.mark.parametrize("model", LISTS)
def test_every_list_keeps_its_budget_at_fifty_rows(client, boss, model):
    sharer = make_member()
    for number in range(50):
        coupon = make_coupon()
        CodeBatch.objects.create(
            coupon=coupon, title="x", pieces=1, starts_at=STARTS_AT, ends_at=ENDS_AT, created_at=AT
        )
        LiveSession.objects.create(title_zh="a", title_en="a", starts_at=STARTS_AT, ends_at=ENDS_AT)
        rule = ShareRule.objects.create(
            title_zh="a", title_en="a", sharer_coupon=coupon, starts_at=STARTS_AT, ends_at=ENDS_AT
        )
        link = ShareLink.objects.create(
            rule=rule, member=sharer, path="/", token=f"t{number}", created_at=AT
        )
        if number < 10:
            visitor = make_member()
            ShareCredit.objects.create(rule=rule, link=link, sharer=sharer, visitor=visitor, at=AT)
            record(visitor)
        DeedRule.objects.create(deed="claim", origin="ip", most=number + 1)
        BlockedOrigin.objects.create(origin="ip", key=f"k{number}", reason="?")

    with count_queries(at_most=12):
        assert client.get(page(f"{model}_changelist")).status_code == 200
