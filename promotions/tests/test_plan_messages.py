"""What an approval of a plan is of: its messages too. Other ones wait for a new approval, forbidden
words are refused, what went out stays. Source: P-42, P-43, C-37.
"""

from datetime import timedelta

import pytest
from django.utils import translation

from catalog.errors import TextsRefused
from mall.kernel.audit.models import AuditEntry
from mall.kernel.notify.models import Message
from mall.kernel.testing.race import rival_after, rival_before, without_locks
from members.testing import make_member, make_operator, make_segment
from promotions.admin.plan import PhaseForm
from promotions.errors import PlanMessageSent
from promotions.models import CampaignPlan, PlanPhase
from promotions.services import return_plan, save_plan, send_due_phases
from promotions.testing import AT
from promotions.tests.test_admin import page, sign_in, text
from promotions.tests.test_announcing import heard, phase
from promotions.tests.test_planning import BURST, DAY, approved, plan_values, saved, typed

pytestmark = pytest.mark.django_db
COLUMNS = ("stage", "send_at", "channel", "tier_codes", "segment_id", "text_zh", "text_en")


def rows_of(plan, **changes):
    """The messages of a plan as its page sends them."""
    return [
        {"pk": one.pk, **{name: getattr(one, name) for name in COLUMNS}, **changes}
        for one in plan.phases.all()
    ]


def write(plan, rows, **changes):
    values = plan_values(checks=[], phases=rows, **changes)
    return save_plan(values=values, plan_id=plan.pk, at=AT, actor=make_operator())


def standing(plan):
    return CampaignPlan.objects.values_list("status", "version", "checker").get(pk=plan.pk)


@pytest.mark.parametrize(
    "change",
    [
        {"text_zh": "全场免单"},
        {"text_en": "All for free"},
        {"tier_codes": ["gold"]},
        {"send_at": BURST + timedelta(hours=1)},
        {"channel": "sms"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_P_43_another_message_asks_for_approval_again_and_does_not_go_out(change):
    make_member(tier="gold")
    plan = approved(saved(phases=[phase("inbox")]))

    write(plan, rows_of(plan, **change))

    assert standing(plan) == ("draft", 2, None)
    assert send_due_phases(BURST + timedelta(hours=1)) == 0
    assert not Message.objects.filter(template__startswith="promotions.plan").exists()
    entry = AuditEntry.objects.filter(verb="promotions.save_plan").latest("pk")
    assert entry.before["messages"] != entry.after["messages"]


def test_P_43_another_audience_one_more_message_and_one_less_ask_too():
    inside = make_segment(members=[make_member()])
    for rows in (
        lambda plan: rows_of(plan, segment_id=inside.pk),
        lambda plan: [*rows_of(plan), phase("sms")],
        lambda plan: [],
    ):
        plan = approved(saved(phases=[phase("inbox")]))
        write(plan, rows(plan))
        assert standing(plan) == ("draft", 2, None)


def test_the_same_messages_saved_again_stay_approved_and_go_out():
    member = make_member()
    plan = approved(saved(phases=[phase("inbox")]))

    write(plan, rows_of(plan), review_text="good")

    assert standing(plan)[:2] == ("approved", 1)
    assert send_due_phases(BURST) == 1
    assert heard("plan_notice") == [member.account_id]


@pytest.mark.parametrize(("column", "word"), [("text_zh", "最好"), ("text_en", "根治")])
def test_C_37_a_message_with_a_forbidden_word_is_refused_at_its_field(client, column, word):
    plan, bad = saved(phases=[phase("inbox")]), f"see the {word} price"

    with translation.override("en"), pytest.raises(TextsRefused) as refusal:
        write(plan, rows_of(plan, **{column: bad}))

    assert word in refusal.value.facts["findings"]
    assert plan.phases.get().text_zh == "开抢"
    sign_in(client)
    answer = client.post(page("campaignplan_add"), typed(**typed_message(**{column: bad})))
    messages = answer.context["inline_admin_formsets"][1].formset
    assert list(messages.forms[0].errors) == [column]
    assert CampaignPlan.objects.count() == 1


@pytest.mark.parametrize(("column", "word"), [("title_zh", "最好"), ("title_en", "根治")])
def test_C_37_a_title_with_a_forbidden_word_is_refused_at_its_field(client, column, word):
    """It heads every message that goes out."""
    plan, bad = saved(phases=[phase("inbox")]), f"the {word} sale"

    with translation.override("en"), pytest.raises(TextsRefused) as refusal:
        write(plan, rows_of(plan), **{column: bad})

    assert word in refusal.value.facts["findings"]
    before = (plan.title_zh, plan.title_en)
    plan.refresh_from_db()
    assert (plan.title_zh, plan.title_en) == before
    sign_in(client)
    answer = client.post(page("campaignplan_add"), typed(**{column: bad}))
    assert list(answer.context["adminform"].form.errors) == [column]
    assert CampaignPlan.objects.count() == 1


def typed_message(plan=None, **changes):
    """The first message as a page sends it; with a plan, its own."""
    said = {
        "stage": "burst", "channel": "inbox", "send_at_0": "2026-11-11", "send_at_1": "00:00:00",
        "text_zh": "开抢", "text_en": "It begins", **changes,
    }  # fmt: skip
    if plan is not None:
        said |= {"id": plan.phases.get().pk, "plan": plan.pk}
    return {
        "phases-TOTAL_FORMS": 1,
        "phases-INITIAL_FORMS": 0 if plan is None else 1,
        **{f"phases-0-{name}": value for name, value in said.items()},
    }


@pytest.fixture
def plan_sent():
    """An approved plan whose one message has gone out, seven minutes after midnight."""
    make_member()
    plan = approved(saved(phases=[phase("inbox")]))
    assert send_due_phases(BURST + timedelta(minutes=7)) == 1
    return plan


def test_P_43_what_went_out_is_neither_moved_nor_taken_away_and_another_may_follow(plan_sent):
    later = {"send_at": BURST + DAY}

    for rows in (rows_of(plan_sent, **later), []):
        with translation.override("en"), pytest.raises(PlanMessageSent, match="went out already"):
            write(plan_sent, rows)
    assert plan_sent.phases.get().send_at == BURST
    write(plan_sent, [*rows_of(plan_sent), phase("inbox", BURST + DAY)])

    assert standing(plan_sent)[0] == "draft"
    assert sorted(one.sent_at is None for one in plan_sent.phases.all()) == [False, True]


def test_a_message_that_went_out_is_shut_on_the_page_and_the_dry_run_says_when(client, plan_sent):
    client.cookies["django_language"] = "en"
    sign_in(client)
    address = page("campaignplan_change", plan_sent.pk)

    shown = client.get(address)
    (message,) = shown.context["inline_admin_formsets"][1].formset.initial_forms
    drawn = {"phases-0-id": message.instance.pk, "phases-0-plan": plan_sent.pk}
    counts = {"phases-TOTAL_FORMS": 1, "phases-INITIAL_FORMS": 1}
    answer = client.post(address, typed(**counts, **drawn))

    shut = {name for name, field in message.fields.items() if field.disabled}
    assert shut == {*PhaseForm.Meta.fields, "DELETE"}
    assert answer.status_code == 302
    assert plan_sent.phases.get().text_zh == "开抢"
    assert "00:07" in text(client.get(page("campaignplan_dry_run", plan_sent.pk)))


def test_a_page_drawn_before_it_went_out_is_refused_in_words(client, plan_sent):
    client.cookies["django_language"] = "en"
    sign_in(client)
    address = page("campaignplan_change", plan_sent.pk)

    answer = client.post(address, typed(**typed_message(plan_sent, text_zh="改口")), follow=True)

    assert "went out already" in text(answer)
    assert plan_sent.phases.get().text_zh == "开抢"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["taken back", "moved"])
def test_a_plan_taken_back_or_moved_after_it_was_picked_does_not_go_out(what):
    make_member()
    plan = approved(saved(phases=[phase("inbox")]))

    def rival():
        if what == "taken back":
            return_plan(plan_id=plan.pk, reason="not yet", at=BURST)
        else:
            plan.phases.update(send_at=BURST + DAY)

    with rival_after("promotions.services.announcing._due_ids", rival):
        told = send_due_phases(BURST)

    assert (told, heard("plan_notice")) == (0, [])
    assert not PlanPhase.objects.exclude(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False], ids=["real", "control"])
def test_a_message_does_not_go_out_while_it_is_rewritten(locks):
    make_member()
    plan = approved(saved(phases=[phase("inbox")]))
    rows = rows_of(plan, text_zh="改口")
    put = "promotions.services.planning._put_rows"

    def rewrite():
        with rival_before(put, lambda: send_due_phases(BURST)):
            write(plan, rows)

    if locks:
        rewrite()
    else:
        with without_locks():
            rewrite()

    said = (plan.phases.get().sent_at is not None, plan.phases.get().text_zh)
    assert said == ((False, "改口") if locks else (True, "改口"))
