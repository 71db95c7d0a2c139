"""Teams and bargains in the back office: looked at, never touched. Rows P-32 and P-34."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalog.testing import make_sku
from mall.kernel.errors import InvalidInput
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from promotions.models import OfferHold, Team, TeamSeat
from promotions.services import Goods, help_bargain, start_bargain
from promotions.services.campaigning_goods import put_goods
from promotions.testing import AT, make_bargain, make_campaign, make_group_buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    client.force_login(make_operator(is_superuser=True))
    return client


@pytest.fixture
def campaign():
    return make_group_buy(make_sku(price_fen=10_000))


def team_of(campaign, **values):
    item, opener, number = campaign.items.get(), make_member(), Team.objects.count()
    team = Team.objects.create(
        number=f"team{number}",
        item=item,
        opener=opener,
        size=3,
        seats_taken=1,
        opened_at=AT,
        ends_at=AT + timedelta(days=365),
        **values,
    )
    hold = OfferHold.objects.create(
        order_number=f"order{number}",
        item=item,
        member=opener,
        reference=team.number,
        pieces=1,
        held_at=AT,
        changed_at=AT,
    )
    TeamSeat.objects.create(team=team, member=opener, hold=hold, taken_at=AT)
    return team


def start_of(campaign):
    sku_id = campaign.items.get().sku_id
    return start_bargain(campaign_id=campaign.pk, sku_id=sku_id, member_id=make_member().pk, at=AT)


def test_teams_are_found_by_state_activity_and_order(client, campaign):
    team = team_of(campaign)
    team_of(make_group_buy(make_sku()))
    url = reverse("admin:promotions_team_changelist")

    for query in (f"?campaign={campaign.pk}", "?q=order0", f"?q={team.number}"):
        html = client.get(url + query).content.decode()
        assert "team0" in html
        assert "team1" not in html
    assert "team0" not in client.get(f"{url}?state__exact=failed").content.decode()


def test_an_odd_filter_shows_everything(client, campaign):
    team_of(campaign)

    page = client.get(reverse("admin:promotions_team_changelist"), {"campaign": "x"})

    assert (page.status_code, len(page.context["cl"].result_list)) == (200, 1)


def test_a_team_shows_its_seats_with_their_orders_and_changes_nothing(client, campaign):
    team = team_of(campaign)
    url = reverse("admin:promotions_team_change", args=[team.pk])

    page = client.get(url)

    assert "order0" in page.content.decode()
    assert client.post(url, {"state": "succeeded"}).status_code == 403
    assert client.get(reverse("admin:promotions_team_add")).status_code == 403
    assert Team.objects.get().state == "open"


def test_a_bargain_shows_its_cuts_in_yuan(client):
    start = start_of(make_bargain(make_sku(price_fen=10_000), helps=1))
    help_bargain(number=start.number, helper_id=make_member(nickname="Wei").pk, at=AT)

    html = client.get(
        reverse("admin:promotions_bargainstart_change", args=[start.pk])
    ).content.decode()

    assert "Wei" in html
    assert "30.00" in html
    assert "3,000" not in html


def test_lists_cost_the_same_for_two_rows_and_for_fifty(client, campaign):
    bargain, counts = make_bargain(make_sku(price_fen=10_000), quota=1000), []
    client.get(reverse("admin:index"))
    for rows in (2, 48):
        for _n in range(rows):
            team_of(campaign)
            start_of(bargain)
        for name in ("team", "bargainstart"):
            with count_queries(at_most=12) as statements:
                assert client.get(reverse(f"admin:promotions_{name}_changelist")).status_code == 200
            counts.append(len(statements))

    assert counts[:2] == counts[2:]


def test_goods_of_a_bargain_need_a_lowest_price():
    campaign = make_campaign("bargain", status="draft")
    sku = make_sku(price_fen=10_000)

    with pytest.raises(InvalidInput) as refusal:
        put_goods(campaign, [Goods(sku_id=sku.pk, price_fen=8_000, quota=5)])

    assert refusal.value.facts["field"] == "floor_fen"
    assert not campaign.items.exists()
