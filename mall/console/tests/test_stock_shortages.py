"""A short campaign SKU becomes a presale draft or a transfer draft in one deed (I-50)."""

import pytest
from django.urls import reverse

from catalog.testing import make_sku
from inventory.models import Transfer
from inventory.testing import make_stock, make_warehouse
from mall.console.testing import client_of
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator
from promotions.models import Campaign
from promotions.selectors import read_activity
from promotions.testing import make_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return client_of(make_operator())


@pytest.fixture
def sku():
    return make_sku(price_fen=10_000)


@pytest.fixture
def sale(sku):
    return make_sale(prices={sku.pk: 8_000})


def act(client, sale, sku, do):
    return client.post(
        reverse("admin:stock_shortages_act"), {"do": do, "campaign": sale.pk, "sku": sku.pk}
    )


def test_I_50_the_switch_drafts_a_presale_with_a_ship_date(boss, sku, sale):
    make_stock(sku=sku, on_hand=0)
    listed = boss.get(reverse("admin:stock_shortages")).content.decode()
    assert f'data-sku="{sku.code}"' in listed
    assert "sold out" in listed

    shown = [act(boss, sale, sku, "presale").url for _n in range(2)]

    presale = Campaign.objects.get(kind=Campaign.Kind.PRESALE)
    assert shown == [reverse("admin:promotions_campaign_change", args=[presale.pk])] * 2
    assert presale.status == Campaign.Status.DRAFT
    item = presale.items.get()
    assert (item.sku, item.price_fen, item.deposit_fen) == (sku, 8_000, 1_600)
    assert read_activity(presale.kind, presale.rule).ships_on > clock.day_of(presale.ends_at)


def test_I_50_the_transfer_brings_pieces_from_where_they_lie(boss, sku, sale):
    away = make_warehouse(is_active=False)
    make_stock(sku=sku, on_hand=40, warehouse=away)
    near = make_warehouse()

    for _n in range(2):
        act(boss, sale, sku, "transfer")

    transfer = Transfer.objects.get()
    assert (transfer.origin, transfer.target, transfer.status) == (away, near, "draft")
    assert transfer.lines.get().sku == sku


def test_nothing_to_move_is_said_and_drafts_nothing(boss, sku, sale):
    make_stock(sku=sku, on_hand=0)

    answer = boss.post(
        reverse("admin:stock_shortages_act"),
        {"do": "transfer", "campaign": sale.pk, "sku": sku.pk},
        follow=True,
    )

    assert "No warehouse has free pieces" in answer.content.decode()
    assert not Transfer.objects.exists()


def test_goods_that_are_there_are_not_short(boss, sku, sale):
    make_stock(sku=sku, on_hand=5)

    assert sku.code not in boss.get(reverse("admin:stock_shortages")).content.decode()
    act(boss, sale, sku, "presale")

    assert not Campaign.objects.filter(kind=Campaign.Kind.PRESALE).exists()


@pytest.mark.parametrize("sent", [{}, {"do": "presale", "campaign": "x", "sku": "1"}, {"do": "no"}])
def test_nonsense_is_refused(boss, sent):
    assert boss.post(reverse("admin:stock_shortages_act"), sent).status_code == 403


def test_the_list_costs_the_same_for_many(boss):
    def cost(number):
        make_sale(prices={make_sku().pk: 100 for _n in range(number)})
        with count_queries(at_most=12) as seen:
            assert boss.get(reverse("admin:stock_shortages")).status_code == 200
        return len(seen)

    boss.get(reverse("admin:stock_shortages"))
    assert cost(2) == cost(30)
