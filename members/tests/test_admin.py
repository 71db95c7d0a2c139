import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from members import services
from members.models import Account, LoyaltyPolicy, Member, Tier
from members.testing import PASSWORD, make_member, make_operator, make_segment, make_tiers

pytestmark = pytest.mark.django_db
PHONE = "13700000001"


@pytest.fixture
def boss(client):
    operator = make_operator(username="boss")
    client.force_login(operator, backend="members.backends.AccountBackend")
    return operator


def clerk(client, *codenames):
    operator = make_operator(username="clerk", is_superuser=False)
    operator.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(operator, backend="members.backends.AccountBackend")
    return operator


def page(model, *args):
    return reverse(f"admin:members_{model}", args=args)


def test_the_member_list_costs_the_same_at_a_hundred_rows(client, boss):
    for number in range(100):
        make_member(nickname=f"会员{number}", points=1)

    with count_queries(at_most=12):
        answer = client.get(page("member_changelist"))

    assert answer.status_code == 200
    assert "会员99" in answer.content.decode()


@pytest.mark.parametrize(
    "model", ["pointsentry", "growthentry", "tier", "segment", "account", "loyaltypolicy"]
)
def test_every_list_keeps_its_budget(client, boss, model):
    for _n in range(20):
        make_member(tier="silver", points=5)
        make_segment()
        make_operator()

    with count_queries(at_most=12):
        assert client.get(page(f"{model}_changelist")).status_code == 200


def test_phones_are_masked_and_no_oracle(client):
    make_member(phone=PHONE, nickname="李四")
    clerk(client, "view_member", "view_account")

    listed = client.get(page("member_changelist"))
    assert "137****0001" in listed.content.decode()
    for model in ("member", "account"):
        for lookup in ("account__phone__startswith=137", "phone__startswith=137", "phone__gte=1"):
            answer = client.get(page(f"{model}_changelist") + f"?{lookup}")
            assert answer.status_code != 200 or PHONE not in answer.content.decode()
            assert answer.status_code in {302, 400, 403}
    assert "李四" not in client.get(page("member_changelist") + "?q=1370000").content.decode()
    assert "李四" in client.get(page("member_changelist") + f"?q={PHONE}").content.decode()


def test_a_member_is_shut_out_and_let_in_with_a_trail(client, boss):
    member = make_member()

    for action, is_active in (("close_accounts", False), ("reopen_accounts", True)):
        client.post(page("member_changelist"), {"action": action, "_selected_action": [member.pk]})
        assert Account.objects.get(pk=member.account_id).is_active is is_active

    verbs = (
        AuditEntry.objects.filter(actor_id=boss.pk).order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == ["members.close_account", "members.reopen_account"]


def test_nobody_shuts_themselves_or_a_superuser_out(client):
    boss = make_operator(username="boss")
    me = clerk(client, "view_account", "change_account")

    for account in (me, boss):
        client.post(
            page("account_changelist"),
            {"action": "close_accounts", "_selected_action": [account.pk]},
        )
        assert Account.objects.get(pk=account.pk).is_active is True


def test_a_clerk_cannot_raise_themselves_nor_touch_a_superuser(client):
    boss = make_operator(username="boss")
    me = clerk(client, "view_account", "change_account")
    form = {"username": "clerk", "email": "", "language": "zh-hans", "is_superuser": "on"}

    assert client.post(page("account_change", me.pk), form).status_code == 302
    assert Account.objects.get(pk=me.pk).is_superuser is False
    assert client.post(page("account_change", boss.pk), form).status_code == 403
    assert client.get(f"/admin/members/account/{boss.pk}/password/").status_code == 403


def test_a_superuser_adds_an_operator_and_sets_a_password(client, boss):
    body = {"username": "anna", "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post(page("account_add"), body)
    anna = Account.objects.get(username="anna")

    assert answer.status_code == 302
    assert (anna.is_staff, anna.check_password(PASSWORD)) == (True, True)
    entry = AuditEntry.objects.get(verb="members.add_operator")
    assert PASSWORD not in str(entry.after)

    before = anna.token_version
    new = {"password1": "another-One-2026", "password2": "another-One-2026"}
    assert client.post(f"/admin/members/account/{anna.pk}/password/", new).status_code == 302
    anna.refresh_from_db()
    assert anna.check_password("another-One-2026")
    assert anna.token_version > before


def test_shoppers_are_not_among_the_operators(client, boss):
    make_member(phone=PHONE)

    assert "137****0001" not in client.get(page("account_changelist")).content.decode()


def tier_form(tier, **changes):
    values = {
        "title_zh": tier.title_zh,
        "title_en": tier.title_en,
        "threshold_fen": f"{tier.threshold_fen / 100:.2f}",
        "rate_bp": tier.rate_bp // 100,
        "free_freight_fen": "",
        "points_rate_bp": tier.points_rate_bp // 100,
    }
    return {**values, **changes}


def test_a_threshold_changed_in_the_form_moves_members(client, boss):
    member = make_member(tier="gold")
    gold = make_tiers()["gold"]

    answer = client.post(page("tier_change", gold.pk), tier_form(gold, threshold_fen="500.00"))

    assert answer.status_code == 302
    assert Tier.objects.get(pk=gold.pk).threshold_fen == 50_000
    assert Member.objects.get(pk=member.pk).tier.code == "silver"


def test_a_ladder_that_does_not_rise_is_told_in_the_form(client, boss):
    gold = make_tiers()["gold"]

    answer = client.post(page("tier_change", gold.pk), tier_form(gold, threshold_fen="0"))

    assert answer.status_code == 200
    assert Tier.objects.get(pk=gold.pk).threshold_fen == 30_000


def test_the_policy_is_changed_by_its_verb(client, boss):
    form = {"growth_window_days": 180, "points_last_days": 365, "check_in_points": "1,2,3"}

    assert client.post(page("loyaltypolicy_change", 1), form).status_code == 302

    assert LoyaltyPolicy.objects.get().check_in_points == [1, 2, 3]
    assert AuditEntry.objects.filter(verb="members.change_loyalty_policy").exists()


def test_ledgers_are_looked_at_only(client, boss):
    member = make_member(points=5)
    services.add_growth(
        member_id=member.pk, delta_fen=5, source_type="order", source_id="1", at=clock.now()
    )

    for entry in (member.points_account.entries.get(), member.growth_entries.get()):
        model = entry._meta.model_name
        assert client.get(page(f"{model}_change", entry.pk)).status_code == 200
        assert client.post(page(f"{model}_change", entry.pk), {}).status_code == 403
        assert client.post(page(f"{model}_delete", entry.pk), {}).status_code == 403


def test_a_segment_is_filled_by_its_rule_or_says_why_not(client, boss):
    make_member()
    good, bad = make_segment(rule={"all": True}), make_segment(rule={"sql": "1"})

    answer = client.post(
        page("segment_changelist"),
        {"action": "fill", "_selected_action": [good.pk, bad.pk]},
        follow=True,
    )

    good.refresh_from_db()
    assert (answer.status_code, good.size) == (200, 1)
    assert len(list(answer.context["messages"])) == 2
