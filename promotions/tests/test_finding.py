"""Findings of a version: what blocks it, who may answer for it, and when a rehearsal is needed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput, NotFound
from members.testing import make_account
from promotions.errors import CampaignNotReady, NothingToOverride, OverrideByMaker
from promotions.models import (
    Campaign,
    CampaignFinding,
    FindingOverride,
    Level,
    Rehearsal,
    ScopeKind,
)
from promotions.services import (
    CampaignValues,
    Finding,
    Window,
    blocking_findings,
    fail_rehearsal,
    note_progress,
    open_rehearsal,
    override_findings,
    publish_campaign,
    record_findings,
    record_goods_check,
    record_rehearsal,
    rehearsal_needed,
    save_campaign,
    save_rehearsal_policy,
    take_rehearsal,
)
from promotions.testing import AT, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
RED = Finding(Level.RED, "below_cost", {"loss_fen": 100})
AMBER = Finding(Level.AMBER, "new_pairs")
PRODUCTS = {"scope_kind": ScopeKind.PRODUCTS, "scope_ids": [1]}


def draft(**values):
    return make_threshold_off(**{"status": Campaign.Status.DRAFT, **PRODUCTS, **values})


def found(campaign, *findings, at=AT):
    return record_findings(
        campaign_id=campaign.pk,
        version=campaign.version,
        kind=CampaignFinding.Kind.REHEARSAL,
        findings=findings,
        at=at,
    )


def codes(campaign, at=AT):
    return [finding.code for finding in blocking_findings(campaign, at)]


def opened(*campaigns):
    window = Window(AT - HOUR, AT)
    return open_rehearsal(campaign_ids=[c.pk for c in campaigns], window=window, at=AT)


def test_red_findings_block_and_amber_ones_do_not():
    campaign = draft()
    found(campaign, AMBER)
    assert codes(campaign) == []

    found(campaign, RED, AMBER)
    assert codes(campaign) == ["below_cost"]


def test_findings_belong_to_one_version():
    campaign = draft()
    found(campaign, RED)

    Campaign.objects.filter(pk=campaign.pk).update(version=2)
    campaign.refresh_from_db()

    assert codes(campaign) == []


def test_a_blocked_version_is_not_published_until_a_second_operator_answers_for_it():
    maker, second = make_account(username="maker"), make_account(username="second")
    campaign = draft(maker=maker, budget_fen=100)
    found(campaign, RED)
    with pytest.raises(CampaignNotReady):
        publish_campaign(campaign_id=campaign.pk, at=AT, actor=maker)
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.DRAFT

    override_findings(campaign_id=campaign.pk, reason=" agreed ", at=AT, actor=second)

    assert publish_campaign(campaign_id=campaign.pk, at=AT, actor=maker).status == "live"
    entry = AuditEntry.objects.get(verb="promotions.override_findings")
    assert (entry.actor, entry.reason) == (second, "agreed")
    assert entry.after["codes"] == ["below_cost"]


def test_nobody_answers_for_their_own_campaign():
    maker = make_account(username="maker")
    campaign = draft(maker=maker)
    found(campaign, RED)

    for actor in (maker, None):
        with pytest.raises(OverrideByMaker):
            override_findings(campaign_id=campaign.pk, reason="mine", at=AT, actor=actor)

    assert not FindingOverride.objects.exists()
    assert codes(campaign) == ["below_cost"]


def test_a_small_last_change_by_another_hides_no_author():
    author, helper = make_account(username="author"), make_account(username="helper")
    values = CampaignValues(
        kind=Campaign.Kind.THRESHOLD_OFF,
        title_zh="满300减50",
        title_en="¥50 off ¥300",
        starts_at=AT,
        ends_at=AT + HOUR,
        rule={"steps": [{"threshold_fen": 30_000, "off_fen": 5_000}]},
    )
    campaign = save_campaign(values=values, at=AT, actor=author)
    small = replace(values, title_en="¥50 off")
    save_campaign(values=small, at=AT, actor=helper, campaign_id=campaign.pk)
    campaign.refresh_from_db()
    found(campaign, RED)

    with pytest.raises(OverrideByMaker):
        override_findings(campaign_id=campaign.pk, reason="mine", at=AT, actor=author)

    assert not FindingOverride.objects.exists()


def test_an_override_needs_a_reason_and_something_to_answer_for():
    second = make_account(username="second")
    campaign = draft()
    with pytest.raises(NothingToOverride):
        override_findings(campaign_id=campaign.pk, reason="why", at=AT, actor=second)
    found(campaign, RED)
    with pytest.raises(InvalidInput):
        override_findings(campaign_id=campaign.pk, reason="  ", at=AT, actor=second)
    with pytest.raises(NotFound):
        override_findings(campaign_id=0, reason="why", at=AT, actor=second)

    assert not FindingOverride.objects.exists()


def test_what_is_found_after_an_override_blocks_again():
    second = make_account(username="second")
    campaign = draft()
    found(campaign, RED)
    override_findings(campaign_id=campaign.pk, reason="why", at=AT, actor=second)
    assert codes(campaign) == []

    found(campaign, RED, at=AT + HOUR)

    assert codes(campaign) == ["below_cost"]


def test_a_new_check_takes_the_place_of_the_old_one_of_its_kind_only():
    campaign = draft()
    found(campaign, RED)

    record_goods_check(campaign_id=campaign.pk, findings=[Finding(Level.RED, "low_stock")], at=AT)
    assert codes(campaign) == ["below_cost", "low_stock"]
    record_goods_check(campaign_id=campaign.pk, findings=[], at=AT)

    assert codes(campaign) == ["below_cost"]


def test_a_campaign_over_the_whole_shop_needs_a_rehearsal():
    whole = draft(scope_kind=ScopeKind.SHOP, scope_ids=[])

    assert rehearsal_needed(whole)
    assert codes(whole) == ["rehearsal_needed"]
    assert not CampaignFinding.objects.exists()
    assert not rehearsal_needed(draft())
    assert not rehearsal_needed(make_sale(prices={}))  # its goods are its own


def test_a_large_budget_needs_a_rehearsal():
    assert not rehearsal_needed(draft(budget_fen=999_999))
    assert rehearsal_needed(draft(budget_fen=1_000_000))


def test_the_shop_says_when_a_rehearsal_is_needed():
    whole, small = draft(scope_kind=ScopeKind.SHOP, scope_ids=[]), draft()

    save_rehearsal_policy(values={"need": "never"}, at=AT)
    assert [rehearsal_needed(c) for c in (whole, small)] == [False, False]
    save_rehearsal_policy(values={"need": "always"}, at=AT)
    assert [rehearsal_needed(c) for c in (whole, small)] == [True, True]

    with pytest.raises(InvalidInput):
        save_rehearsal_policy(values={"version": 9}, at=AT)


def test_a_rehearsal_of_this_version_is_enough():
    whole = draft(scope_kind=ScopeKind.SHOP, scope_ids=[])
    rehearsal = opened(whole)
    assert codes(whole) == ["rehearsal_needed"]

    record_rehearsal(rehearsal_id=rehearsal.pk, figures={}, findings={}, at=AT)

    assert codes(whole) == []
    Campaign.objects.filter(pk=whole.pk).update(version=2)
    whole.refresh_from_db()
    assert codes(whole) == ["rehearsal_needed"]


def test_a_second_operator_answers_for_a_rehearsal_that_was_not_held():
    whole = draft(scope_kind=ScopeKind.SHOP, scope_ids=[])

    override_findings(
        campaign_id=whole.pk, reason="urgent", at=AT, actor=make_account(username="second")
    )

    assert codes(whole) == []


def test_each_campaign_gets_its_own_findings_and_a_second_record_changes_nothing():
    first, second = draft(), draft()
    rehearsal = opened(first, second)

    record_rehearsal(
        rehearsal_id=rehearsal.pk, figures={"orders": 1}, findings={first.pk: [RED]}, at=AT
    )
    record_rehearsal(rehearsal_id=rehearsal.pk, figures={}, findings={second.pk: [RED]}, at=AT)

    assert (codes(first), codes(second)) == (["below_cost"], [])
    assert Rehearsal.objects.get().figures == {"orders": 1}


def test_a_rehearsal_names_campaigns_that_there_are():
    for ids in ([], [0], range(1, 22)):
        with pytest.raises((InvalidInput, NotFound)):
            open_rehearsal(campaign_ids=ids, window=Window(AT - HOUR, AT), at=AT)
    with pytest.raises(InvalidInput):
        open_rehearsal(campaign_ids=[draft().pk], window=Window(AT, AT), at=AT)

    assert not Rehearsal.objects.exists()


def test_one_worker_takes_a_rehearsal_and_another_only_what_was_left():
    rehearsal = opened(draft())

    assert take_rehearsal(at=AT) == rehearsal
    assert take_rehearsal(at=AT) is None
    note_progress(rehearsal_id=rehearsal.pk, done=5, total=10, at=AT + 4 * timedelta(minutes=1))
    rehearsal.refresh_from_db()
    assert rehearsal.progress_percent == 50
    assert take_rehearsal(at=AT + timedelta(minutes=8)) is None
    assert take_rehearsal(at=AT + timedelta(minutes=9)) == rehearsal


def test_a_failed_rehearsal_says_why_and_is_not_taken_again():
    rehearsal = opened(draft())

    fail_rehearsal(rehearsal_id=rehearsal.pk, failure="changed", at=AT)

    assert take_rehearsal(at=AT + timedelta(days=1)) is None
    rehearsal.refresh_from_db()
    assert (rehearsal.state, rehearsal.failure) == ("failed", "changed")


def test_overrides_are_append_only():
    campaign = draft()
    found(campaign, RED)
    override_findings(
        campaign_id=campaign.pk, reason="why", at=AT, actor=make_account(username="second")
    )

    with pytest.raises(DatabaseError), transaction.atomic():
        FindingOverride.objects.update(reason="other")
