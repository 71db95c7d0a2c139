import pytest
from django.utils import translation

from catalog.testing import make_sku
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput
from mall.kernel.outbox.models import OutboxEvent
from members.testing import make_operator
from promotions import engine
from promotions.errors import CampaignNotReady, CampaignWrongStatus, SecondPersonNeeded
from promotions.loading import rules_for
from promotions.models import Campaign, CampaignFinding, Level, RehearsalPolicy
from promotions.services import (
    Goods,
    approve_campaign,
    copy_campaign,
    pause_campaign,
    publish_campaign,
    resume_campaign,
    return_campaign,
    save_campaign,
    submit_campaign,
)
from promotions.testing import AT, bring_live, make_campaign, make_pricing_settings
from promotions.tests.test_campaigning import sale, values
from promotions.tests.test_loading import line_of

pytestmark = pytest.mark.django_db
SMALL, LARGE = 1_000_000, 1_000_001


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def no_rehearsals():
    RehearsalPolicy.objects.update_or_create(pk=1, defaults={"need": "never"})


def written(actor=None, **changes):
    return save_campaign(values=values(**changes), actor=actor, at=AT)


def status_of(campaign):
    return Campaign.objects.get(pk=campaign.pk).status


def test_a_large_campaign_goes_live_by_two_people():
    maker, checker = make_operator(), make_operator()
    campaign = written(maker, budget_fen=LARGE)

    submit_campaign(campaign_id=campaign.pk, actor=maker, at=AT)
    approve_campaign(campaign_id=campaign.pk, actor=checker, at=AT)
    live = publish_campaign(campaign_id=campaign.pk, actor=maker, at=AT)

    assert (live.status, live.maker, live.checker) == ("live", maker, checker)
    trail = AuditEntry.objects.order_by("pk").values_list("verb", "actor")
    assert list(trail) == [
        ("promotions.save_campaign", maker.pk),
        ("promotions.submit_campaign", maker.pk),
        ("promotions.approve_campaign", checker.pk),
        ("promotions.publish_campaign", maker.pk),
    ]


@pytest.mark.parametrize("budget_fen", [LARGE, None])
def test_the_maker_of_a_large_campaign_is_not_its_checker(budget_fen):
    maker, other = make_operator(), make_operator()
    campaign = written(maker, budget_fen=budget_fen)
    save_campaign(values=values(budget_fen=budget_fen), campaign_id=campaign.pk, actor=other, at=AT)
    submit_campaign(campaign_id=campaign.pk, actor=other, at=AT)

    for author in (maker, other, None):
        with pytest.raises(SecondPersonNeeded):
            approve_campaign(campaign_id=campaign.pk, actor=author, at=AT)

    assert status_of(campaign) == "in_review"


def test_a_small_campaign_needs_one_person_only():
    maker = make_operator()
    campaign = written(maker, budget_fen=SMALL)

    assert publish_campaign(campaign_id=campaign.pk, actor=maker, at=AT).status == "live"


def test_a_large_draft_does_not_go_live_by_itself_unless_the_shop_says_so():
    campaign = written(budget_fen=LARGE)
    with pytest.raises(CampaignNotReady, match="nobody has approved"):
        publish_campaign(campaign_id=campaign.pk, at=AT)
    make_pricing_settings(approval_over_fen=None)

    assert publish_campaign(campaign_id=campaign.pk, at=AT).status == "live"


def test_a_returned_campaign_is_a_draft_with_the_reason():
    checker = make_operator()
    campaign = written(budget_fen=LARGE)
    submit_campaign(campaign_id=campaign.pk, at=AT)
    with pytest.raises(InvalidInput):
        return_campaign(campaign_id=campaign.pk, reason=" ", actor=checker, at=AT)

    back = return_campaign(campaign_id=campaign.pk, reason="too deep", actor=checker, at=AT)

    assert (back.status, back.reason) == ("draft", "too deep")
    entry = AuditEntry.objects.get(verb="promotions.return_campaign")
    assert (entry.reason, entry.actor) == ("too deep", checker)


def test_a_change_after_approval_asks_for_approval_again():
    campaign = written(budget_fen=LARGE)
    submit_campaign(campaign_id=campaign.pk, at=AT)
    approve_campaign(campaign_id=campaign.pk, actor=make_operator(), at=AT)

    changed = save_campaign(values=values(budget_fen=LARGE), campaign_id=campaign.pk, at=AT)

    assert (changed.status, changed.checker, changed.version) == ("draft", None, 2)


def test_what_a_second_person_approved_is_not_changed_while_it_runs():
    campaign = bring_live(written(budget_fen=LARGE))

    with pytest.raises(CampaignNotReady, match="pause it"):
        save_campaign(values=values(budget_fen=SMALL), campaign_id=campaign.pk, at=AT)
    pause_campaign(campaign_id=campaign.pk, reason="a change", at=AT)
    changed = save_campaign(values=values(budget_fen=SMALL), campaign_id=campaign.pk, at=AT)

    assert changed.status == "draft"


def test_a_small_live_campaign_does_not_grow_large_unseen():
    campaign = publish_campaign(campaign_id=written(budget_fen=SMALL).pk, at=AT)

    with pytest.raises(CampaignNotReady):
        save_campaign(values=values(budget_fen=None), campaign_id=campaign.pk, at=AT)

    assert Campaign.objects.get().budget_fen == SMALL


def test_red_findings_block_publishing_and_are_said():
    campaign = written(budget_fen=SMALL)
    CampaignFinding.objects.create(
        campaign=campaign,
        version=1,
        kind=CampaignFinding.Kind.REHEARSAL,
        level=Level.RED,
        code="below_cost",
        found_at=AT,
    )

    with pytest.raises(CampaignNotReady, match="1 red findings"):
        publish_campaign(campaign_id=campaign.pk, at=AT)

    assert status_of(campaign) == "draft"


def test_P_70_the_kill_switch_stops_new_use_at_once_with_reason_and_actor():
    boss, sku = make_operator(), make_sku(price_fen=30_000, list_price_fen=30_000)
    campaign = bring_live(written())
    line = line_of(sku)
    with_it = engine.price(
        engine.Basket((line,)), engine.GUEST, rules_for(lines=[line], shopper=None, at=AT), AT
    )
    OutboxEvent.objects.all().delete()

    pause_campaign(campaign_id=campaign.pk, reason="a wrong figure", actor=boss, at=AT)

    without = engine.price(
        engine.Basket((line,)), engine.GUEST, rules_for(lines=[line], shopper=None, at=AT), AT
    )
    assert (with_it.payable_fen, without.payable_fen) == (25_000, 30_000)
    assert engine.quote_hash(with_it) != engine.quote_hash(without)
    entry = AuditEntry.objects.get(verb="promotions.pause_campaign")
    assert (entry.reason, entry.actor) == ("a wrong figure", boss)
    assert (entry.before["status"], entry.after["status"]) == ("live", "paused")
    assert OutboxEvent.objects.filter(name="promotions.campaign_changed").count() == 1


def test_pausing_asks_for_a_reason_and_happens_once():
    campaign = bring_live(written())
    with pytest.raises(InvalidInput):
        pause_campaign(campaign_id=campaign.pk, reason="", at=AT)
    assert status_of(campaign) == "live"

    for _n in range(2):
        pause_campaign(campaign_id=campaign.pk, reason="stop", at=AT)

    assert AuditEntry.objects.filter(verb="promotions.pause_campaign").count() == 1


def test_a_paused_campaign_goes_on_as_it_was():
    campaign = bring_live(written())
    pause_campaign(campaign_id=campaign.pk, reason="stop", at=AT)

    resumed = resume_campaign(campaign_id=campaign.pk, at=AT)

    assert (resumed.status, resumed.reason, resumed.version) == ("live", "", 1)
    with pytest.raises(CampaignWrongStatus):
        resume_campaign(campaign_id=campaign.pk, at=AT)


@pytest.mark.parametrize("status", ["live", "paused", "approved", "in_review"])
def test_a_deed_that_does_not_begin_here_is_refused_in_words(status):
    campaign = make_campaign("second_half_price", rule={"second_rate_bp": 5_000}, status=status)
    deeds = {
        "live": (submit_campaign, approve_campaign, resume_campaign),
        "paused": (submit_campaign, approve_campaign, publish_campaign),
        "approved": (submit_campaign, approve_campaign, resume_campaign),
        "in_review": (submit_campaign, resume_campaign),
    }[status]

    for deed in deeds:
        with pytest.raises(CampaignWrongStatus):
            deed(campaign_id=campaign.pk, at=AT)

    assert status_of(campaign) == status


def test_a_copy_is_a_draft_of_its_own_with_prices_and_without_what_was_spent():
    sku = make_sku(price_fen=10_000)
    source = bring_live(save_campaign(values=sale({sku.pk: 8_000}, budget_fen=SMALL), at=AT))
    Campaign.objects.update(spent_fen=500)
    maker = make_operator()

    copy = copy_campaign(campaign_id=source.pk, actor=maker, at=AT)

    assert (copy.status, copy.version, copy.spent_fen, copy.maker) == ("draft", 1, 0, maker)
    assert copy.title_zh == "满300减50（副本）"
    assert dict(copy.sale_items.values_list("sku_id", "price_fen")) == {sku.pk: 8_000}
    assert status_of(source) == "live"


def flash(*goods, **changes):
    return values(kind="flash", rule={"allows": ["coupon"]}, goods=goods, **changes)


def test_the_goods_of_an_activity_are_written_with_it_and_copied():
    sku = make_sku(price_fen=10_000)
    goods = Goods(sku_id=sku.pk, price_fen=5_000, quota=20, per_member=2)

    campaign = save_campaign(values=flash(goods), at=AT)

    item = campaign.items.get()
    assert (item.sku_id, item.price_fen, item.quota, item.per_member) == (sku.pk, 5_000, 20, 2)
    assert copy_campaign(campaign_id=campaign.pk, at=AT).items.get().quota == 20


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price_fen": 0}, "goods"),
        ({"price_fen": 10_000}, "goods"),
        ({"quota": 0}, "quota"),
        ({"per_member": 0}, "per_member"),
        ({"per_member": 21}, "per_member"),
        ({"floor_fen": 5_000}, "floor_fen"),
        ({"deposit_fen": 100}, "deposit_fen"),
        ({"deposit_fen": 200, "worth_fen": 100}, "deposit_fen"),
        ({"deposit_fen": 200, "worth_fen": 5_000}, "deposit_fen"),
    ],
)
def test_goods_that_make_no_sense_are_refused(changes, field):
    numbers = {"price_fen": 5_000, "quota": 20, **changes}
    goods = Goods(sku_id=make_sku(price_fen=10_000).pk, **numbers)

    with pytest.raises(InvalidInput) as refusal:
        save_campaign(values=flash(goods), at=AT)

    assert refusal.value.facts["field"] == field
    assert not Campaign.objects.exists()


def test_a_running_activity_keeps_its_goods():
    make_pricing_settings(approval_over_fen=None)
    sku = make_sku(price_fen=10_000)
    goods = Goods(sku_id=sku.pk, price_fen=5_000, quota=20)
    campaign = save_campaign(values=flash(goods), at=AT)
    Campaign.objects.update(status="live")
    other = Goods(sku_id=sku.pk, price_fen=4_000, quota=20)

    with pytest.raises(InvalidInput):
        save_campaign(values=flash(other), campaign_id=campaign.pk, at=AT)
    renamed = save_campaign(values=flash(goods, title_zh="新名"), campaign_id=campaign.pk, at=AT)

    assert (renamed.title_zh, renamed.status) == ("新名", "live")
    assert campaign.items.get().price_fen == 5_000


def test_only_an_activity_has_goods_and_it_does_not_start_without():
    goods = Goods(sku_id=make_sku(price_fen=10_000).pk, price_fen=5_000, quota=20)
    with pytest.raises(InvalidInput):
        save_campaign(values=values(goods=[goods]), at=AT)
    empty = save_campaign(values=flash(), at=AT)

    with pytest.raises(CampaignNotReady):
        submit_campaign(campaign_id=empty.pk, at=AT)


def test_a_member_price_is_for_tiers_that_exist():
    sku = make_sku(price_fen=10_000)
    gold = values(kind="member_price", rule={}, prices={sku.pk: 9_000}, tier_codes=["gold"])

    campaign = save_campaign(values=gold, at=AT)

    assert campaign.tier_codes == ["gold"]
    with pytest.raises(InvalidInput):
        save_campaign(values=values(kind="member_price", rule={}, prices={sku.pk: 9_000}), at=AT)
