"""Rehearsals on the operators' screen: asked, watched, read, answered for; baskets by hand."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from analytics.services import run_rehearsals
from catalog.models import Sku
from mall.console.rehearsing.baskets import anybody
from mall.console.testing import client_of, make_clerk
from mall.kernel import clock
from members.models import Tier
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import Ask, Wanted, quote
from orders.testing import make_order, make_stocked_sku
from promotions.models import Campaign, CampaignFinding, FindingOverride, Rehearsal
from promotions.services import publish_campaign
from promotions.testing import make_coupon, make_grant, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db
DRAFT = {"status": Campaign.Status.DRAFT, "budget_fen": 900_000}


@pytest.fixture
def marketing():
    return client_of(make_clerk("marketing"))


@pytest.fixture
def finance():
    return client_of(make_clerk("finance"))


def sold_sku(cost_fen: int = 5_000) -> Sku:
    """A SKU of ¥100 that one order of yesterday bought."""
    sku = make_stocked_sku(price_fen=10_000)
    Sku.objects.filter(pk=sku.pk).update(cost_fen=cost_fen)
    make_order(sku=sku, paid=True, at=clock.now() - timedelta(days=1))
    return sku


def text(client, name: str, *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def rehearsed(client, campaign: Campaign) -> Rehearsal:
    client.post(reverse("admin:rehearsal_ask", args=[campaign.pk]))
    run_rehearsals(clock.now)
    return Rehearsal.objects.get()


def basket(client, **typed: object) -> str:
    response = client.get(reverse("admin:try_basket"), {"price": 1, **typed})
    assert response.status_code == 200
    return str(response.content.decode())


def test_an_operator_rehearses_a_draft_watches_it_and_reads_the_report(marketing):
    draft = make_sale(prices={sold_sku().pk: 8_000}, **DRAFT)
    page = text(marketing, "promotions_campaign_change", draft.pk)
    assert f"/{draft.pk}/rehearse" in page

    asked = marketing.post(reverse("admin:rehearsal_ask", args=[draft.pk]))
    rehearsal = Rehearsal.objects.get()
    assert asked["Location"] == reverse("admin:rehearsal", args=[rehearsal.pk])
    waiting = text(marketing, "rehearsal", rehearsal.pk)
    assert '<progress class="bar" max="100" value="0"' in waiting
    assert 'http-equiv="refresh"' in waiting

    run_rehearsals(clock.now)

    report = text(marketing, "rehearsal", rehearsal.pk)
    assert 'http-equiv="refresh"' not in report
    assert 'data-figure="gmv_fen"' in report
    assert "\u221215.00" in report  # ¥20 off, and ¥5 of freight that was free before
    assert draft.title_zh in report
    assert "Baskets are those that were" in report


def test_costs_are_shown_only_to_who_may_see_them(marketing, finance):
    draft = make_sale(prices={sold_sku(cost_fen=9_000).pk: 8_000}, **DRAFT)
    rehearsal = rehearsed(marketing, draft)

    seen, hidden = (text(client, "rehearsal", rehearsal.pk) for client in (finance, marketing))

    assert 'data-code="below_cost"' in hidden
    assert 'data-figure="margin_fen"' in seen
    assert "Lost below cost: ¥10.00." in seen
    assert 'data-figure="margin_fen"' not in hidden
    assert "10.00." not in hidden


def test_another_operator_answers_for_red_findings_and_only_then_it_is_published(
    marketing, finance
):
    draft = make_sale(prices={sold_sku(cost_fen=9_000).pk: 8_000}, **DRAFT)
    rehearsed(marketing, draft)
    findings = reverse("admin:campaign_findings", args=[draft.pk])
    assert "I answer for it" not in marketing.get(findings).content.decode()
    assert "I answer for it" in finance.get(findings).content.decode()

    answer = reverse("admin:campaign_override", args=[draft.pk])
    assert marketing.post(answer, {"reason": "mine"}).status_code == 403
    finance.post(answer, {"reason": ""})
    assert not FindingOverride.objects.exists()
    finance.post(answer, {"reason": "clearance of old stock"})

    assert FindingOverride.objects.get().reason == "clearance of old stock"
    assert publish_campaign(campaign_id=draft.pk, at=clock.now()).status == "live"
    assert "clearance of old stock" in finance.get(findings).content.decode()


def test_the_goods_of_a_campaign_are_checked_with_a_button(marketing):
    draft = make_sale(prices={sold_sku().pk: 8_000}, **DRAFT)

    done = marketing.post(reverse("admin:campaign_check_goods", args=[draft.pk]), follow=True)

    assert CampaignFinding.objects.filter(campaign=draft, code="goods_sales").exists()
    assert "Fewer than 50 pieces sold before: 1 of 1 goods." in done.content.decode()


def test_the_service_desk_looks_and_asks_for_nothing():
    client = client_of(make_clerk("service"))
    draft = make_threshold_off(**DRAFT)

    assert client.get(reverse("admin:campaign_findings", args=[draft.pk])).status_code == 200
    for name in ("rehearsal_ask", "campaign_check_goods", "campaign_override"):
        assert client.post(reverse(f"admin:{name}", args=[draft.pk])).status_code == 403
    assert not Rehearsal.objects.exists()


def test_a_basket_by_hand_costs_what_the_shop_would_ask(marketing):
    member = make_member(tier="gold", points=3_000)
    home = make_address(member=member)
    sku = make_stocked_sku(price_fen=40_000)
    make_threshold_off(steps=((30_000, 5_000),))
    grant = make_grant(member=member, coupon=make_coupon(off_fen=700), at=clock.now())

    page = basket(
        marketing,
        member=member.pk,
        sku_1=sku.pk,
        quantity_1=2,
        points=1_000,
        coupon=grant.pk,
    )

    ask = Ask(
        wanted=(Wanted(sku.pk, 2),),
        region_code=home.region_code,
        coupon_grant_ids=(grant.pk,),
        points=1_000,
    )
    live = quote(ask=ask, member_id=member.pk, at=clock.now())
    assert f'data-payable="{live.quote.payable_fen}"' in page
    assert not Order.objects.exists()


def test_a_draft_is_switched_in_and_the_change_is_told(marketing):
    sku = make_stocked_sku(price_fen=40_000)
    draft = make_threshold_off(steps=((30_000, 5_000),), **DRAFT)

    plain = basket(marketing, sku_1=sku.pk)
    tried = basket(marketing, sku_1=sku.pk, campaigns=draft.pk)

    assert 'data-payable="40000"' in plain
    assert 'data-payable="35000"' in tried
    assert "change \u221250.00" in tried


def test_a_draft_holds_only_inside_its_own_window(marketing):
    sku = make_stocked_sku(price_fen=40_000)
    begins = datetime(2027, 1, 8, tzinfo=clock.SHANGHAI)
    window = {"starts_at": begins, "ends_at": begins + timedelta(days=1)}
    draft = make_threshold_off(steps=((30_000, 5_000),), **DRAFT, **window)
    typed = {"sku_1": sku.pk, "campaigns": draft.pk, "at_1": "12:00:00"}

    assert 'data-payable="40000"' in basket(marketing, **typed, at_0="2027-01-07")
    assert 'data-payable="35000"' in basket(marketing, **typed, at_0="2027-01-08")


def test_anybody_of_a_tier_pays_what_a_new_member_of_it_pays(marketing):
    sku = make_stocked_sku(price_fen=40_000)
    gold = Tier.objects.get(code="gold")
    member = make_member(tier="gold")

    page = basket(marketing, sku_1=sku.pk, tier="gold", province="33")

    ask = Ask(wanted=(Wanted(sku.pk, 1),), region_code="33")
    live = quote(ask=ask, member_id=member.pk, at=clock.now()).quote
    nobody = quote(
        ask=ask, member_id=None, at=clock.now(), shopper=anybody(gold, clock.now())
    ).quote
    assert (nobody.lines, nobody.freight) == (live.lines, live.freight)
    assert f'data-payable="{live.payable_fen}"' in page


def test_what_the_shop_refuses_is_said_in_words(marketing):
    member = make_member(points=100)
    sku = make_stocked_sku(price_fen=40_000)

    page = basket(marketing, member=member.pk, sku_1=sku.pk, points=90_000)

    assert 'role="alert"' in page
    assert "data-payable" not in page
    assert 'role="alert"' in basket(marketing)  # nothing was chosen


@pytest.mark.parametrize("typed", [{"member": "x"}, {"sku_1": "9" * 40}, {"coupon": "\u00b2"}])
def test_nonsense_in_the_address_is_no_crash(marketing, typed):
    basket(marketing, **typed)


def test_the_pages_speak_chinese_too(marketing):
    draft = make_threshold_off(**DRAFT)
    marketing.cookies["django_language"] = "zh-hans"

    for name in ("rehearsal_ask", "campaign_findings"):
        assert marketing.get(reverse(f"admin:{name}", args=[draft.pk])).status_code == 200
    assert marketing.get(reverse("admin:try_basket")).status_code == 200
