from datetime import timedelta

import pytest
from django.utils import translation

from catalog.testing import make_sku
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from promotions.models import Campaign, RehearsalPolicy
from promotions.testing import make_campaign, make_pricing_settings, make_threshold_off
from promotions.tests.test_admin import WINDOW, errors_of, page, sign_in, text

pytestmark = pytest.mark.django_db
PLAIN = {
    "title_zh": "活动",
    "title_en": "Campaign",
    "priority": 100,
    "scope_kind": "shop",
    **WINDOW,
}
GIFTS = [{"sku_id": 0, "value_fen": 2_900}]
BALANCE = {
    "balance_from_0": "2099-12-01",
    "balance_from_1": "10:00:00",
    "balance_until_0": "2099-12-03",
    "balance_until_1": "10:00:00",
    "ships_on": "2099-12-20",
}
KINDS = {
    "sale": ({"sale_rate": "85"}, {"rate_bp": 8_500}),
    "quantity_price": (
        {"pieces_1": "10", "rate_1": "90", "ladders": "CODE 5 9.5"},
        {
            "steps": [{"pieces": 10, "rate_bp": 9_000}],
            "ladders": [{"sku_id": 0, "pieces": 5, "price_fen": 950}],
        },
    ),
    "second_half_price": ({"second_rate": "50"}, {"second_rate_bp": 5_000}),
    "pieces_rate": (
        {"pieces_1": "3", "rate_1": "80"},
        {"steps": [{"pieces": 3, "rate_bp": 8_000}]},
    ),
    "bundle_price": (
        {"bundle": "CODE 2", "price_fen": "99", "most": "1"},
        {"bundle": [{"sku_id": 0, "pieces": 2}], "price_fen": 9_900, "most": 1},
    ),
    "gift": (
        {"threshold_fen": "200", "options": "CODE 29", "pieces": "1", "quantity": "1"},
        {
            "options": GIFTS,
            "threshold_fen": 20_000,
            "pieces": 1,
            "quantity": 1,
            "per": False,
            "most": None,
            "min_orders": 0,
        },
    ),
    "threshold_off": (
        {"threshold_1": "300", "off_1": "50", "options": "CODE 29", "quantity": "1"},
        {
            "steps": [{"threshold_fen": 30_000, "off_fen": 5_000}],
            "gift": {"options": GIFTS, "quantity": 1},
        },
    ),
    "threshold_rate": (
        {"threshold_1": "300", "rate_1": "90", "cap_fen": "100"},
        {"steps": [{"threshold_fen": 30_000, "rate_bp": 9_000}], "cap_fen": 10_000},
    ),
    "every_off": (
        {"every_fen": "100", "off_fen": "10", "cap_fen": "50"},
        {"every_fen": 10_000, "off_fen": 1_000, "cap_fen": 5_000},
    ),
    "member_day": ({"days": "8, 18", "rate_bp": "90"}, {"days": [8, 18], "rate_bp": 9_000}),
    "loyal_rate": (
        {"rate_bp": "95", "threshold_fen": "500", "min_orders": "", "days": ""},
        {"rate_bp": 9_500, "threshold_fen": 50_000, "min_orders": 0, "days": []},
    ),
    "free_freight": ({"freight_threshold": "0"}, {"threshold_fen": 0}),
    "flash": (
        {"pay_minutes": "5", "remind_minutes": "10", "allows": ["coupon"]},
        {"allows": ["coupon"], "pay_minutes": 5, "remind_minutes": 10},
    ),
    "group": (
        {"size": "3", "hours": "24", "packet_fen": "2"},
        {"allows": [], "size": 3, "hours": 24, "newcomers_only": False, "packet_fen": 200},
    ),
    "bargain": (
        {"helps": "10", "hours": "24", "pay_minutes": "30"},
        {"allows": [], "helps": 10, "hours": 24, "pay_minutes": 30},
    ),
    "presale": (
        {"deposit_comes_back": "on", **BALANCE},
        {
            "allows": [],
            "deposit_comes_back": True,
            "balance_from": "2099-12-01T10:00:00+08:00",
            "balance_until": "2099-12-03T10:00:00+08:00",
            "ships_on": "2099-12-20",
        },
    ),
}
GOODS = {
    "items-TOTAL_FORMS": 1,
    "items-INITIAL_FORMS": 0,
    "items-0-price_fen": "200",
    "items-0-quota": "10",
    "items-0-per_member": "1",
}


@pytest.fixture
def boss(client):
    return sign_in(client)


@pytest.fixture(autouse=True)
def no_rehearsals():
    RehearsalPolicy.objects.update_or_create(pk=1, defaults={"need": "never"})


def named(value, sku):
    """The case with the SKU's own code and id."""
    if isinstance(value, dict):
        return {key: named(one, sku) for key, one in value.items()}
    if isinstance(value, list):
        return [named(one, sku) for one in value]
    if isinstance(value, str):
        return value.replace("CODE", sku.code)
    return value


def with_ids(rule, sku):
    if isinstance(rule, list):
        return [with_ids(row, sku) for row in rule]
    if not isinstance(rule, dict):
        return rule
    return {key: sku.pk if key == "sku_id" else with_ids(one, sku) for key, one in rule.items()}


def sent_for(kind, sku):
    typed, _rule = KINDS[kind]
    goods = {}
    if kind in Campaign.ACTIVITIES:
        goods = {**GOODS, "items-0-sku": sku.pk}
    elif kind in ("sale", "member_price"):
        goods = {"sale_items-TOTAL_FORMS": 0, "sale_items-INITIAL_FORMS": 0}
    if kind == "presale":
        goods |= {"items-0-deposit_fen": "20", "items-0-worth_fen": "50"}
    if kind == "bargain":
        goods |= {"items-0-floor_fen": "100"}
    return {**PLAIN, "kind": kind, **named(typed, sku), **goods}


def test_a_new_campaign_begins_with_its_kind(client, boss):
    shown = text(client.get(page("campaign_add")))

    for kind in Campaign.Kind.values:
        assert f'data-kind="{kind}"' in shown
        assert client.get(page("campaign_add"), {"kind": kind}).status_code == 200


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_typed_in_its_own_fields_and_reads_back_the_same(client, boss, kind):
    sku = make_sku(price_fen=30_000)
    sent, rule = sent_for(kind, sku), with_ids(KINDS[kind][1], sku)

    answer = client.post(page("campaign_add"), sent)

    assert answer.status_code == 302, errors_of(answer)
    campaign = Campaign.objects.get()
    assert (campaign.kind, campaign.status, campaign.rule) == (kind, "draft", rule)
    form = client.get(page("campaign_change", campaign.pk)).context["adminform"].form
    again = {**sent, **initial_goods(campaign)}
    for name, field in form.fields.items():
        if name in again and name not in ("kind", "allows", *WINDOW):
            again[name] = field.prepare_value(form.initial.get(name))
    again = {name: one for name, one in again.items() if one is not None and one is not False}
    answer = client.post(page("campaign_change", campaign.pk), again)
    assert answer.status_code == 302, errors_of(answer)
    campaign.refresh_from_db()
    assert (campaign.rule, campaign.version) == (rule, 2)


def initial_goods(campaign):
    item = campaign.items.first()
    if item is None:
        return {}
    rows = {"items-INITIAL_FORMS": 1, "items-0-id": item.pk, "items-0-campaign": campaign.pk}
    return {**rows, "items-0-sku": item.sku_id}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_told_back_in_both_languages(client, boss, kind):
    sku = make_sku(price_fen=30_000)
    client.post(page("campaign_add"), sent_for(kind, sku))
    campaign = Campaign.objects.get()

    with translation.override("en"):
        answer = client.get(page("campaign_change", campaign.pk))

    admin_form = answer.context["adminform"]
    assert admin_form.model_admin.in_english(campaign).count("<p>") >= 3
    assert "For everybody." in admin_form.model_admin.in_english(campaign)


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("second_half_price", {"second_rate": ""}, "second_rate"),
        ("pieces_rate", {}, "pieces_1"),
        ("pieces_rate", {"pieces_1": "3"}, "rate_1"),
        (
            "pieces_rate",
            {"pieces_1": "2", "rate_1": "80", "pieces_2": "3", "rate_2": "90"},
            "pieces_1",
        ),
        ("quantity_price", {}, "pieces_1"),
        ("quantity_price", {"ladders": "NO-SUCH 5 9"}, "ladders"),
        ("quantity_price", {"ladders": "CODE five 9"}, "ladders"),
        ("quantity_price", {"ladders": "CODE 5"}, "ladders"),
        ("quantity_price", {"ladders": "CODE 5 9.555"}, "ladders"),
        ("bundle_price", {"bundle": "CODE 1", "price_fen": "99"}, "bundle"),
        ("bundle_price", {"bundle": "CODE 2", "price_fen": ""}, "price_fen"),
        ("gift", {"threshold_fen": "200"}, "options"),
        ("threshold_rate", {"threshold_1": "300", "rate_1": "100"}, "rate_1"),
        ("every_off", {"every_fen": "10", "off_fen": "10"}, "off_fen"),
        ("member_day", {"days": "", "rate_bp": "90"}, "days"),
        ("member_day", {"days": "32", "rate_bp": "90"}, "days"),
        ("loyal_rate", {"rate_bp": "95"}, "threshold_fen"),
        ("free_freight", {"freight_threshold": ""}, "freight_threshold"),
        ("presale", {**BALANCE, "balance_until_0": "2026-11-01"}, "balance_until"),
        ("presale", {}, "balance_from"),
        ("flash", {"pay_minutes": "0"}, "pay_minutes"),
    ],
)
def test_figures_that_make_no_sense_are_said_at_their_field(client, boss, kind, typed, field):
    sku = make_sku(price_fen=30_000)
    rows = {"items-TOTAL_FORMS": 0, "items-INITIAL_FORMS": 0}

    answer = client.post(page("campaign_add"), {**PLAIN, "kind": kind, **named(typed, sku), **rows})

    assert field in errors_of(answer)
    assert not Campaign.objects.exists()


def test_an_end_before_the_beginning_is_refused_in_words(client, boss):
    sent = {**sent_for("every_off", make_sku()), "ends_at_0": "2026-10-01"}

    answer = client.post(page("campaign_add"), sent)

    with translation.override("en"):
        assert errors_of(answer)["ends_at"] == ["The end comes after the beginning."]


def test_a_sale_of_the_whole_shop_without_a_price_is_refused_with_a_sentence(client, boss):
    sent = {**sent_for("sale", make_sku()), "sale_rate": ""}

    answer = client.post(page("campaign_add"), sent)

    rows = answer.context["inline_admin_formsets"][0].formset
    assert rows.non_form_errors()
    assert not Campaign.objects.exists()


def test_limits_are_chosen_by_name(client, boss):
    limits = {
        "tier_codes": ["gold", "diamond"],
        "region_prefixes": ["44", "first_tier"],
        "excludes": ["coupon"],
        "exclusive_group": "autumn",
        "budget_fen": "5000",
    }

    answer = client.post(page("campaign_add"), {**sent_for("every_off", make_sku()), **limits})

    assert answer.status_code == 302, errors_of(answer)
    campaign = Campaign.objects.get()
    assert campaign.tier_codes == ["gold", "diamond"]
    assert campaign.region_prefixes == ["11", "31", "44", "4401", "4403"]
    assert (campaign.excludes, campaign.exclusive_group) == (["coupon"], "autumn")
    assert campaign.budget_fen == 500_000
    with translation.override("en"):
        shown = text(client.get(page("campaign_change", campaign.pk)))
    assert "It stops when ¥5000 are spent." in shown
    nowhere = {**sent_for("every_off", make_sku()), "region_prefixes": ["99"]}
    assert "region_prefixes" in errors_of(client.post(page("campaign_add"), nowhere))


def press(client, deed, campaign, **typed):
    url = page(f"campaign_{deed}", campaign.pk)
    assert client.get(url).status_code == 200
    answer = client.post(url, typed)
    campaign.refresh_from_db()
    return answer


def test_the_buttons_lead_a_campaign_through_its_life(client, boss):
    make_pricing_settings(approval_over_fen=None)
    campaign = make_threshold_off(status="draft")

    for deed, typed, status in (
        ("submit", {}, "in_review"),
        ("send_back", {"reason": "too deep"}, "draft"),
        ("submit", {}, "in_review"),
        ("approve", {}, "approved"),
        ("publish", {}, "live"),
        ("pause", {"reason": "a mistake"}, "paused"),
        ("resume", {}, "live"),
    ):
        assert press(client, deed, campaign, **typed).status_code == 302
        assert campaign.status == status
    assert AuditEntry.objects.get(verb="promotions.pause_campaign").reason == "a mistake"
    press(client, "copy", campaign)
    assert Campaign.objects.count() == 2


def test_only_deeds_that_begin_here_have_a_button(client, boss):
    campaign = make_threshold_off(status="paused")

    shown = text(client.get(page("campaign_change", campaign.pk)))

    for deed, there in (("resume", True), ("pause", False), ("publish", False), ("copy", True)):
        assert (page(f"campaign_{deed}", campaign.pk) in shown) is there


def test_pausing_without_a_reason_pauses_nothing(client, boss):
    campaign = make_threshold_off()

    assert press(client, "pause", campaign, reason="").status_code == 200
    assert campaign.status == "live"


def test_what_keeps_it_from_going_live_is_shown_before_the_click(client, boss):
    RehearsalPolicy.objects.update(need="always")
    campaign = make_threshold_off(status="draft")

    client.cookies["django_language"] = "en"
    shown = text(client.get(page("campaign_publish", campaign.pk)))

    assert "1 red findings block it" in shown


def test_marketing_writes_and_a_manager_approves(client):
    sign_in(client, "view_campaign", "change_campaign", "add_campaign")
    campaign = make_threshold_off(status="in_review")

    assert client.post(page("campaign_approve", campaign.pk)).status_code == 403
    assert client.post(page("campaign_send_back", campaign.pk), {"reason": "x"}).status_code == 403
    campaign.refresh_from_db()
    assert campaign.status == "in_review"
    sign_in(client, "view_campaign", "approve_campaign")
    assert client.post(page("campaign_approve", campaign.pk)).status_code == 302
    campaign.refresh_from_db()
    assert campaign.status == "approved"


def test_the_list_is_filtered_by_what_the_clock_says(client, boss):
    now, day = clock.now(), timedelta(days=1)
    planned = make_threshold_off(starts_at=now + day, ends_at=now + 2 * day)
    running = make_threshold_off()
    over = make_threshold_off(starts_at=now - 2 * day, ends_at=now - day)
    spent = make_threshold_off(budget_fen=100, spent_fen=100)

    for state, campaign in (
        ("planned", planned),
        ("running", running),
        ("over", over),
        ("spent", spent),
    ):
        shown = client.get(page("campaign_changelist"), {"now": state})
        assert [row.pk for row in shown.context["cl"].result_list] == [campaign.pk]


def test_one_campaign_costs_the_same_whatever_its_goods(client, boss):
    sku = make_sku(price_fen=10_000)
    campaign = make_campaign("quantity_price", rule={"ladders": ladders([sku])})
    client.get(page("campaign_change", campaign.pk))  # reads the words of the shop for all
    with count_queries(at_most=60) as one:
        client.get(page("campaign_change", campaign.pk))
    skus = [make_sku(price_fen=10_000) for _n in range(20)]
    Campaign.objects.update(rule={"ladders": ladders(skus)})

    with count_queries(at_most=60) as twenty:
        client.get(page("campaign_change", campaign.pk))

    assert len(one) == len(twenty)


def ladders(skus):
    return [{"sku_id": sku.pk, "pieces": 5, "price_fen": 900} for sku in skus]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_who_may_only_look_opens_every_kind_and_saves_nothing(client, boss, kind):
    sku = make_sku(price_fen=30_000)
    client.post(page("campaign_add"), sent_for(kind, sku))
    campaign = Campaign.objects.get()
    sign_in(client, "view_campaign", "view_activityitem", "view_saleitem")

    answer = client.get(page("campaign_change", campaign.pk))

    assert answer.status_code == 200
    assert "_save" not in text(answer)
    assert client.post(page("campaign_change", campaign.pk), {}).status_code == 403


@pytest.mark.parametrize("address", ["abc", "1.5", "1_2Fend"])
def test_an_address_that_is_no_campaign_is_no_failure(client, boss, address):
    answer = client.get(f"/admin/promotions/campaign/{address}/change/")

    assert answer.status_code == 302
    assert answer.url == "/admin/"
