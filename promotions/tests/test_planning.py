from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from catalog.testing import make_sku
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator, make_segment
from promotions.calendar import Occasion, days_in_month
from promotions.errors import (
    CampaignNotReady,
    CampaignWrongStatus,
    PlanNotReady,
    SecondPersonNeeded,
)
from promotions.models import CampaignPlan, PlanCheck, RehearsalPolicy, YearlyEvent
from promotions.selectors import dry_run, month_of
from promotions.selectors.plans import Bar
from promotions.services import (
    PlanValues,
    approve_plan,
    confirm_stock,
    drop_plan,
    publish_campaign,
    return_plan,
    save_campaign,
    save_plan,
    submit_plan,
)
from promotions.testing import AT
from promotions.tests.test_admin import errors_of, page, sign_in, text
from promotions.tests.test_campaigning import values

pytestmark = pytest.mark.django_db
BURST = datetime(2026, 11, 10, 16, tzinfo=UTC)
DAY = timedelta(days=1)
STAGES = {
    "preheat_at": BURST - 7 * DAY,
    "burst_at": BURST,
    "long_tail_at": BURST + 3 * DAY,
    "ends_at": BURST + 7 * DAY,
}
CHECKS = tuple({"team": team, "text": f"{team} is ready", "done": True} for team in PlanCheck.Team)


def plan_values(**changes):
    plain = {"title_zh": "双 11", "title_en": "Double 11", "budget_fen": 500_000}
    return PlanValues(**{**plain, **STAGES, "checks": CHECKS, **changes})


def saved(actor=None, **changes):
    return save_plan(values=plan_values(**changes), actor=actor, at=AT)


def approved(plan):
    submit_plan(plan_id=plan.pk, at=AT)
    return approve_plan(plan_id=plan.pk, actor=make_operator(), at=AT)


def campaign_of(plan, budget_fen=300_000):
    RehearsalPolicy.objects.update_or_create(pk=1, defaults={"need": "never"})
    return save_campaign(values=values(plan_id=plan.pk, budget_fen=budget_fen), at=AT)


def test_P_42_the_stage_changes_by_dates_alone():
    plan = saved()

    for at, stage in (
        (STAGES["preheat_at"] - timedelta(seconds=1), "plan"),
        (STAGES["preheat_at"], "preheat"),
        (STAGES["burst_at"], "burst"),
        (STAGES["long_tail_at"], "long_tail"),
        (STAGES["ends_at"], "review"),
    ):
        assert plan.stage_at(at) == stage


def test_P_42_the_calendar_lists_events_and_plans_of_a_month():
    plan = saved()

    november, december = month_of(2026, 11, AT), month_of(2026, 12, AT)

    days = {one.event.code: one.days for one in november.events}
    assert days["double-11"] == [date(2026, 11, 11)]
    assert days["member-day"] == [date(2026, 11, 8)]
    assert [(one.plan, one.stage) for one in november.plans] == [(plan, plan.stage_at(AT))]
    assert list(december.plans) == []
    assert {one.event.code for one in month_of(2026, 6, AT).events} >= {"618", "dragon-boat"}


def test_P_42_days_that_follow_each_other_are_one_bar_of_the_month():
    november = month_of(2026, 11, AT)

    (season,) = [one for one in november.events if one.event.code == "winter-season"]

    assert season.runs == [(date(2026, 11, 20), date(2026, 11, 26))]
    assert season.bars == [Bar(left=633, width=233)]
    assert november.today is not None
    assert month_of(2026, 12, AT).today is None


@pytest.mark.parametrize(
    ("lunar", "day"),
    [
        ("spring_festival", date(2026, 2, 17)),
        ("dragon_boat", date(2026, 6, 19)),
        ("qixi", date(2026, 8, 19)),
        ("mid_autumn", date(2026, 9, 25)),
    ],
)
def test_festivals_of_the_moon_fall_on_their_days(lunar, day):
    occasion = Occasion(month=None, day=1, lunar=lunar)

    assert days_in_month(occasion, day.year, day.month) == [day]
    assert days_in_month(occasion, day.year, day.month % 12 + 1) == []


def test_an_event_reaches_into_the_next_month():
    occasion = Occasion(month=12, day=30, days=4)

    assert days_in_month(occasion, 2027, 1) == [date(2027, 1, 1), date(2027, 1, 2)]


def test_the_calendar_costs_the_same_with_two_plans_and_with_twenty():
    saved()
    with count_queries(at_most=3) as one:
        month_of(2026, 11, AT)
    for _n in range(20):
        saved()

    with count_queries(at_most=3) as many:
        month_of(2026, 11, AT)

    assert len(one) == len(many)


@pytest.mark.parametrize(
    "dates",
    [
        {"burst_at": STAGES["preheat_at"] - DAY},
        {"long_tail_at": STAGES["burst_at"]},
        {"ends_at": STAGES["burst_at"]},
    ],
)
def test_stages_out_of_order_are_refused(dates):
    with pytest.raises(InvalidInput):
        saved(**dates)

    assert not CampaignPlan.objects.exists()


def test_P_44_a_plan_is_agreed_on_by_every_team_before_it_is_handed_over():
    missing = saved(checks=CHECKS[:4])
    waiting = saved(checks=(*CHECKS[:4], {**CHECKS[4], "done": False}))

    for plan in (missing, waiting):
        with pytest.raises(PlanNotReady):
            submit_plan(plan_id=plan.pk, at=AT)

    assert not CampaignPlan.objects.exclude(status="draft").exists()


def test_P_44_the_campaigns_of_an_unapproved_plan_cannot_start():
    plan = saved()
    campaign = campaign_of(plan)
    with pytest.raises(CampaignNotReady, match="双 11"):
        publish_campaign(campaign_id=campaign.pk, at=AT)

    approved(plan)

    assert publish_campaign(campaign_id=campaign.pk, at=AT).status == "live"


def test_a_plan_above_the_limit_is_approved_by_a_second_person():
    maker = make_operator()
    plan = saved(maker, budget_fen=1_000_001)
    submit_plan(plan_id=plan.pk, actor=maker, at=AT)

    with pytest.raises(SecondPersonNeeded):
        approve_plan(plan_id=plan.pk, actor=maker, at=AT)

    checker = make_operator()
    assert approve_plan(plan_id=plan.pk, actor=checker, at=AT).checker == checker


def test_a_campaign_that_runs_is_not_edited_past_the_budget_of_its_plan():
    plan = approved(saved(budget_fen=300_000))
    campaign = publish_campaign(campaign_id=campaign_of(plan, 200_000).pk, at=AT)
    raised = values(plan_id=plan.pk, budget_fen=300_001)

    with pytest.raises(CampaignNotReady, match="too small|不足"):
        save_campaign(values=raised, at=AT, campaign_id=campaign.pk)

    campaign.refresh_from_db()
    assert (campaign.budget_fen, campaign.status) == (200_000, "live")


def test_campaigns_stay_within_the_budget_of_their_plan():
    plan = approved(saved(budget_fen=500_000))
    publish_campaign(campaign_id=campaign_of(plan).pk, at=AT)

    with pytest.raises(CampaignNotReady, match="too small|不足"):
        publish_campaign(campaign_id=campaign_of(plan, budget_fen=200_001).pk, at=AT)

    assert publish_campaign(campaign_id=campaign_of(plan, 200_000).pk, at=AT).status == "live"


def test_other_dates_ask_for_approval_again_and_a_tick_does_not():
    plan = approved(saved())
    row = plan.checks.first()
    kept = [
        {"pk": one.pk, "team": one.team, "text": one.text, "done": True}
        for one in plan.checks.all()
    ]

    save_plan(values=plan_values(checks=kept, review_text="good"), plan_id=plan.pk, at=AT)
    plan.refresh_from_db()
    assert (plan.status, plan.version, plan.review_text) == ("approved", 1, "good")
    assert plan.checks.first() == row
    save_plan(values=plan_values(checks=kept, ends_at=BURST + 9 * DAY), plan_id=plan.pk, at=AT)
    plan.refresh_from_db()
    assert (plan.status, plan.version, plan.checker) == ("draft", 2, None)


def test_who_ticked_a_point_is_remembered():
    boss = make_operator()

    plan = saved(boss)

    assert {(check.done_by, check.done_at) for check in plan.checks.all()} == {(boss, AT)}


def test_a_plan_is_returned_and_dropped_with_a_reason():
    plan = saved()
    submit_plan(plan_id=plan.pk, at=AT)
    with pytest.raises(InvalidInput):
        return_plan(plan_id=plan.pk, reason="", at=AT)

    assert return_plan(plan_id=plan.pk, reason="too late", at=AT).status == "draft"
    assert drop_plan(plan_id=plan.pk, reason="no stock", at=AT).status == "dropped"

    assert AuditEntry.objects.get(verb="promotions.drop_plan").reason == "no stock"
    with pytest.raises(CampaignWrongStatus):
        submit_plan(plan_id=plan.pk, at=AT)
    with pytest.raises(InvalidInput):
        campaign_of(plan)


def test_other_forecasts_ask_again_whether_to_start():
    sku = make_sku()
    plan = saved(forecasts=[{"sku_id": sku.pk, "pieces": 180}])
    confirm_stock(plan_id=plan.pk, reason="more comes on Monday", at=AT)
    row = plan.forecasts.get()
    same = [{"pk": row.pk, "sku_id": sku.pk, "pieces": 180}]

    save_plan(values=plan_values(forecasts=same), plan_id=plan.pk, at=AT)
    plan.refresh_from_db()
    assert plan.stock_confirmed_at == AT
    other = [{**same[0], "pieces": 200}]
    save_plan(values=plan_values(forecasts=other), plan_id=plan.pk, at=AT)
    plan.refresh_from_db()
    assert plan.stock_confirmed_at is None


def test_P_43_the_dry_run_tells_who_gets_which_message_and_when():
    gold, diamond = make_member(tier="gold"), make_member(tier="diamond")
    inside = make_segment(members=[gold])
    phases = [
        {
            "stage": "preheat",
            "send_at": BURST - 2 * DAY,
            "channel": "live",
            "tier_codes": ["diamond"],
            "text_zh": "钻石先看直播",
        },
        {
            "stage": "preheat",
            "send_at": BURST - DAY,
            "channel": "group",
            "tier_codes": ["gold"],
            "text_zh": "金卡群预告",
        },
        {
            "stage": "burst",
            "send_at": BURST,
            "channel": "sms",
            "segment_id": inside.pk,
            "text_zh": "开抢",
        },
        {"stage": "burst", "send_at": BURST, "channel": "inbox", "text_zh": "开抢了"},
    ]
    plan = saved(phases=phases)

    runs = dry_run(plan)

    assert [
        (run.phase.channel, run.phase.send_at, run.members, list(run.names)) for run in runs
    ] == [
        ("live", BURST - 2 * DAY, 1, [diamond.nickname]),
        ("group", BURST - DAY, 1, [gold.nickname]),
        ("sms", BURST, 1, [gold.nickname]),
        ("inbox", BURST, 2, [gold.nickname, diamond.nickname]),
    ]


@pytest.fixture
def boss(client):
    return sign_in(client)


def typed(**changes):
    stages = {
        f"{name}_{part}": words
        for name, at in STAGES.items()
        for part, words in ((0, at.astimezone().strftime("%Y-%m-%d")), (1, "00:00:00"))
    }
    rows = {}
    for prefix in ("checks", "phases", "forecasts"):
        rows |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    amounts = {"gmv_target_fen": "10000", "profit_target_fen": "2000", "budget_fen": "5000"}
    return {"title_zh": "双 11", "title_en": "Double 11", **amounts, **stages, **rows, **changes}


def test_a_plan_is_typed_with_its_checklist_messages_and_forecasts(client, boss):
    sku = make_sku()
    rows = {
        "checks-TOTAL_FORMS": 1,
        "checks-0-team": "design",
        "checks-0-text": "banners",
        "checks-0-done": "on",
        "checks-0-sort": 0,
        "phases-TOTAL_FORMS": 1,
        "phases-0-stage": "preheat",
        "phases-0-channel": "sms",
        "phases-0-send_at_0": "2026-11-09",
        "phases-0-send_at_1": "10:00:00",
        "phases-0-tier_codes": ["gold"],
        "phases-0-text_zh": "预告",
        "forecasts-TOTAL_FORMS": 1,
        "forecasts-0-sku": sku.pk,
        "forecasts-0-pieces": 180,
    }

    answer = client.post(page("campaignplan_add"), typed(**rows))

    assert answer.status_code == 302, errors_of(answer)
    plan = CampaignPlan.objects.get()
    assert (plan.budget_fen, plan.maker, plan.status) == (500_000, boss, "draft")
    assert plan.checks.get().done_by == boss
    assert plan.phases.get().tier_codes == ["gold"]
    assert plan.forecasts.get().pieces == 180
    assert client.get(page("campaignplan_change", plan.pk)).status_code == 200
    assert "预告" in text(client.get(page("campaignplan_dry_run", plan.pk)))


def test_the_buttons_lead_a_plan_to_approval(client, boss):
    plan = saved()

    for deed, sent, status in (
        ("submit", {}, "in_review"),
        ("approve", {}, "approved"),
        ("send_back", {"reason": "later"}, "draft"),
        ("drop", {"reason": "never"}, "dropped"),
    ):
        url = page(f"campaignplan_{deed}", plan.pk)
        assert client.get(url).status_code == 200
        assert client.post(url, sent).status_code == 302
        plan.refresh_from_db()
        assert plan.status == status


def test_marketing_does_not_approve_plans(client):
    sign_in(client, "view_campaignplan", "change_campaignplan")
    plan = saved()

    assert client.post(page("campaignplan_approve", plan.pk)).status_code == 403


def test_the_calendar_page_lists_the_month_and_begins_a_plan(client, boss):
    plan = saved()

    with translation.override("en"):
        shown = text(client.get(page("campaignplan_month"), {"month": "2026-11"}))

    assert f'data-plan="{plan.pk}"' in shown
    assert 'data-event="double-11"' in shown
    assert client.get(page("campaignplan_month"), {"month": "2026-99"}).status_code == 200
    begun = (
        client.get(page("campaignplan_add"), {"event_code": "double-11", "on": "2026-11-11"})
        .context["adminform"]
        .form
    )
    assert begun.initial["title_zh"] == "双 11 购物节"
    assert begun.initial["burst_at"].date() == date(2026, 11, 11)


@pytest.mark.parametrize("model", ["campaignplan", "yearlyevent"])
def test_lists_of_plans_keep_their_budget_at_a_hundred_rows(client, boss, model):
    event = YearlyEvent.objects.get(code="double-11")
    for _n in range(100):
        saved(event_id=event.pk, owner_id=boss.pk, checks=())

    with count_queries(at_most=12):
        assert client.get(page(f"{model}_changelist")).status_code == 200
