"""Operators type who belongs to a segment and what a tier brings; no JSON anywhere."""

import pytest
from django.urls import reverse
from django.utils import translation

from catalog.testing import make_category
from mall.console.testing import client_of
from mall.kernel import clock
from members.models import Segment, Tier
from members.services import refill_segments
from members.testing import make_member, make_operator, make_segment, make_tiers

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with translation.override("en"):
        yield client_of(make_operator())


def page(name, *args):
    return reverse(f"admin:members_{name}", args=args)


def told(answer):
    """The refusals of a form, in English: they are spoken when they are read."""
    with translation.override("en"):
        return {
            name: list(words) for name, words in answer.context["adminform"].form.errors.items()
        }


def segment_form(**typed):
    return {"title_zh": "黄金", "title_en": "Gold", "code": "gold-ones", **typed}


@pytest.mark.parametrize(
    ("typed", "rule", "size"),
    [
        ({"rule_kind": "all"}, {"all": True}, 2),
        ({"rule_kind": "tier", "tier": "gold"}, {"tier": "gold"}, 1),
        ({"rule_kind": "tier_from", "tier": "normal"}, {"tier_from": "normal"}, 2),
        ({"rule_kind": "joined_days", "joined_days": "30"}, {"joined_days": 30}, 2),
        ({"rule_kind": "favours", "rule_value": "tea"}, {"favours": "tea"}, 0),
        ({"rule_kind": ""}, {}, 0),
        ({"rule_kind": "all", "joined_days": "5", "tier": "gold"}, {"all": True}, 2),
    ],
)
def test_who_belongs_to_a_segment_is_chosen_and_it_is_filled_at_once(desk, typed, rule, size):
    make_category(slug="tea")
    make_member(tier="gold")
    make_member(tier="normal")

    answer = desk.post(page("segment_add"), segment_form(**typed))

    assert answer.status_code == 302
    segment = Segment.objects.get()
    assert (segment.rule, segment.size) == (rule, size)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"rule_kind": "tier"}, "tier", "Say which."),
        ({"rule_kind": "favours"}, "rule_value", "Say which."),
        ({"rule_kind": "joined_days"}, "joined_days", "Say which."),
        (
            {"rule_kind": "joined_days", "joined_days": "0"},
            "joined_days",
            "Ensure this value is greater than or equal to 1.",
        ),
        (
            {"rule_kind": "sql"},
            "rule_kind",
            "Select a valid choice. sql is not one of the available choices.",
        ),
    ],
)
def test_a_rule_that_says_too_little_is_told_at_its_field(desk, typed, field, words):
    make_tiers()

    answer = desk.post(page("segment_add"), segment_form(**typed))

    assert told(answer) == {field: [words]}
    assert not Segment.objects.exists()


def test_the_form_shows_the_rule_that_is_kept_and_keeps_it_when_only_the_name_changes(desk):
    make_tiers()
    segment = make_segment(rule={"tier_from": "silver"})
    segment.refresh_from_db()
    before = segment.filled_at

    shown = desk.get(page("segment_change", segment.pk)).context["adminform"].form
    typed = segment_form(rule_kind="tier_from", tier="silver")
    desk.post(page("segment_change", segment.pk), typed)

    assert (shown["rule_kind"].value(), shown["tier"].value()) == ("tier_from", "silver")
    segment.refresh_from_db()
    assert (segment.title_en, segment.rule) == ("Gold", {"tier_from": "silver"})
    assert segment.filled_at == before


def test_a_segment_is_filled_at_a_press_by_who_may_change_it(desk):
    make_member()
    segment = make_segment(rule={"all": True})
    press = reverse("admin:members_segment_fill_now", args=[segment.pk])

    assert "all members" in desk.get(press).content.decode()
    segment.refresh_from_db()
    assert segment.size == 0

    assert desk.post(press).status_code == 302
    segment.refresh_from_db()
    assert segment.size == 1
    assert client_of(make_operator(is_superuser=False)).post(press).status_code == 403


def test_the_timer_fills_every_segment_with_a_rule_and_leaves_the_others():
    everybody, odd = make_segment(rule={"all": True}), make_segment(rule={"moon": "1"})
    by_hand = make_segment(members=[make_member()])
    others = Segment.objects.filter(pk__in=[odd.pk, by_hand.pk])
    before = list(others.order_by("pk").values())
    make_member()

    assert refill_segments(at=clock.now()) == 1

    everybody.refresh_from_db()
    assert everybody.size == 2
    assert list(others.order_by("pk").values()) == before


def tier_form(tier, **typed):
    return {
        "title_zh": tier.title_zh,
        "title_en": tier.title_en,
        "threshold_fen": f"{tier.threshold_fen / 100:.2f}",
        "rate_bp": "95",
        "free_freight_fen": "",
        "points_rate_bp": "120",
        **typed,
    }


def test_the_benefits_of_a_tier_are_typed_in_rows_and_its_rates_in_per_cent(desk):
    gold = make_tiers()["gold"]
    typed = {
        "rate_bp": "92.5",
        "perk_1_icon": "truck", "perk_1_zh": "免运费", "perk_1_en": "Free freight",
        "perk_3_icon": "", "perk_3_zh": "生日礼",
    }  # fmt: skip

    assert desk.post(page("tier_change", gold.pk), tier_form(gold, **typed)).status_code == 302

    kept = Tier.objects.get(pk=gold.pk)
    assert kept.rate_bp == 9_250
    assert kept.perks == [
        {"icon": "truck", "zh": "免运费", "en": "Free freight"},
        {"icon": "gift", "zh": "生日礼", "en": ""},
    ]
    shown = desk.get(page("tier_change", gold.pk)).context["adminform"].form
    assert (shown["perk_1_icon"].value(), shown["perk_2_zh"].value()) == ("truck", "生日礼")
    assert shown["rate_bp"].value() == 9_250 / 100


def test_a_benefit_without_chinese_words_and_a_rate_over_the_price_are_told_at_their_fields(desk):
    gold = make_tiers()["gold"]
    before = Tier.objects.values().get(pk=gold.pk)

    answer = desk.post(
        page("tier_change", gold.pk), tier_form(gold, perk_2_en="Free freight", rate_bp="101")
    )

    assert told(answer) == {
        "perk_2_zh": ["Shown where there are no English words: it is needed."],
        "rate_bp": ["“Price rate” must be from 0.01% to 100%."],
    }
    assert Tier.objects.values().get(pk=gold.pk) == before


def test_benefits_beyond_the_rows_and_signs_that_are_not_offered_are_kept(desk):
    gold = make_tiers()["gold"]
    perks = [{"icon": "moon", "zh": f"{n}", "en": ""} for n in range(8)]
    Tier.objects.filter(pk=gold.pk).update(perks=perks)
    form = desk.get(page("tier_change", gold.pk)).context["adminform"].form
    rows = {name: form[name].value() or "" for name in form.fields if name.startswith("perk_")}

    assert desk.post(page("tier_change", gold.pk), tier_form(gold, **rows)).status_code == 302

    assert Tier.objects.get(pk=gold.pk).perks == perks
