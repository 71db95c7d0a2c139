"""A short campaign SKU becomes a presale or a transfer draft in one deed (I-50)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from catalog.models import Sku
from catalog.testing import make_sku
from inventory.models import Transfer
from inventory.testing import make_stock, make_warehouse
from mall.console.testing import client_of
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator
from orders.errors import NotShort
from orders.services import switch_to_presale
from orders.testing import make_order, offered
from promotions.models import Campaign
from promotions.selectors import read_activity
from promotions.testing import make_pricing_settings, make_sale

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


def act(client, sale, sku):
    return client.post(reverse("admin:stock_shortages_act"), {"campaign": sale.pk, "sku": sku.pk})


def presale_url(sale, sku):
    return reverse("admin:stock_shortages_presale", args=[sale.pk, sku.pk])


def suggested(client, sale, sku):
    """What the form is filled in with, as a browser would send it."""
    form = client.get(presale_url(sale, sku)).context["form"]
    return {name: form[name].value() for name in form.fields}


def presales():
    return Campaign.objects.filter(kind=Campaign.Kind.PRESALE)


def listed(client):
    return client.get(reverse("admin:stock_shortages")).content.decode()


def test_I_50_the_switch_sells_what_is_sold_out_ahead_with_a_ship_date(boss, sku, sale):
    make_stock(sku=sku, on_hand=0)
    assert f'data-sku="{sku.code}"' in listed(boss)
    assert "sold out" in listed(boss)
    typed = suggested(boss, sale, sku) | {"quota": 40}

    answer = boss.post(presale_url(sale, sku), typed)

    assert answer.url == reverse("admin:stock_shortages")
    presale, item = presales().get(), presales().get().items.get()
    assert presale.status == Campaign.Status.LIVE
    assert (item.sku, item.price_fen, item.deposit_fen, item.quota) == (sku, 8_000, 1_600, 40)
    assert read_activity(presale.kind, presale.rule).ships_on > clock.day_of(presale.ends_at)
    page = Client().get(f"/product/{sku.product_id}/")
    assert [slot["kind"] for slot in page.context["activities"]] == ["presale"]


def test_the_row_says_where_its_presale_stands_and_a_second_one_is_not_written(boss, sku, sale):
    make_stock(sku=sku, on_hand=0)
    typed = suggested(boss, sale, sku)
    boss.post(presale_url(sale, sku), typed)

    again = boss.post(presale_url(sale, sku), typed)

    assert again.url == reverse("admin:stock_shortages")
    page = listed(boss)
    assert reverse("admin:promotions_campaign_change", args=[presales().get().pk]) in page
    assert presale_url(sale, sku) not in page
    at = clock.now()
    known = switch_to_presale(campaign_id=sale.pk, sku_id=sku.pk, at=at, is_published=True)
    assert known == presales().get()


def test_what_costs_more_than_the_limit_waits_for_a_second_person(boss, sku, sale):
    make_stock(sku=sku, on_hand=0)
    typed = suggested(boss, sale, sku) | {"quota": 501}

    boss.post(presale_url(sale, sku), typed)

    assert (presales().get().status, presales().get().budget_fen) == ("in_review", None)


def test_where_nobody_has_to_approve_it_is_published_without_a_bound(boss, sku, sale):
    make_pricing_settings(approval_over_fen=None)
    make_stock(sku=sku, on_hand=0)

    boss.post(presale_url(sale, sku), suggested(boss, sale, sku) | {"quota": 501})

    assert (presales().get().status, presales().get().budget_fen) == ("live", None)


def test_its_orders_go_on_when_the_ordinary_price_rises(boss, sku, sale):
    make_stock(sku=sku, on_hand=0)
    typed = suggested(boss, sale, sku) | {"price_fen": "99.99", "deposit_fen": "20", "quota": 4}
    boss.post(presale_url(sale, sku), typed)
    Sku.objects.filter(pk=sku.pk).update(price_fen=30_000, list_price_fen=30_000)

    order = make_order(wanted=(offered(presales().get().items.get()),), at=clock.now())

    assert (order.payable_fen, order.deposit_fen) == (9_999, 2_000)


def test_what_one_person_may_give_alone_stays_its_bound(boss, sku, sale):
    """The bound lies under both limits: no second person and no rehearsal is asked for."""
    make_pricing_settings(approval_over_fen=900_000)
    make_stock(sku=sku, on_hand=0)

    boss.post(presale_url(sale, sku), suggested(boss, sale, sku))

    assert (presales().get().status, presales().get().budget_fen) == ("live", 900_000)


def test_who_may_not_publish_writes_a_draft(sku, sale):
    make_stock(sku=sku, on_hand=0)
    may = Permission.objects.filter(codename__in=("view_campaign", "add_campaign"))
    account = make_operator(is_superuser=False)
    account.user_permissions.set(may)
    writer = client_of(account)
    typed = suggested(writer, sale, sku)
    assert "is_published" not in typed

    writer.post(presale_url(sale, sku), typed | {"is_published": "on"})

    assert presales().get().status == Campaign.Status.DRAFT


@pytest.mark.parametrize(
    "wrong",
    [
        {"ships_on": clock.day_of(clock.now()) + timedelta(days=9)},
        {"price_fen": "100"},
        {"deposit_fen": "80"},
        {"quota": "0"},
        {"sells_days": "31"},
        {"ships_on": ""},
    ],
)
def test_a_presale_that_cannot_be_is_refused_and_what_was_typed_stays(boss, sku, sale, wrong):
    make_stock(sku=sku, on_hand=0)

    answer = boss.post(presale_url(sale, sku), suggested(boss, sale, sku) | wrong)

    assert answer.status_code == 200
    assert answer.context["form"].data["quota"] == str(wrong.get("quota", 300))
    assert not presales().exists()


def test_the_presale_of_goods_that_are_there_is_not_asked_for(boss, sku, sale):
    make_stock(sku=sku, on_hand=5)

    answer = boss.get(presale_url(sale, sku), follow=True)

    assert f"{sku.code} is not short" in answer.content.decode()


def test_I_50_the_transfer_brings_pieces_from_where_they_lie(boss, sku, sale):
    away = make_warehouse(is_active=False)
    make_stock(sku=sku, on_hand=40, warehouse=away)
    near = make_warehouse()

    for _n in range(2):
        act(boss, sale, sku)

    transfer = Transfer.objects.get()
    assert (transfer.origin, transfer.target, transfer.status) == (away, near, "draft")
    assert transfer.lines.get().sku == sku


def test_nothing_to_move_is_said_and_drafts_nothing(boss, sku, sale):
    make_stock(sku=sku, on_hand=0)

    answer = boss.post(
        reverse("admin:stock_shortages_act"),
        {"campaign": sale.pk, "sku": sku.pk},
        follow=True,
    )

    assert "No warehouse has free pieces" in answer.content.decode()
    assert not Transfer.objects.exists()


def test_goods_that_are_there_are_not_short(boss, sku, sale):
    make_stock(sku=sku, on_hand=5)

    assert sku.code not in listed(boss)
    with pytest.raises(NotShort):
        switch_to_presale(campaign_id=sale.pk, sku_id=sku.pk, at=clock.now())

    assert not presales().exists()


@pytest.mark.parametrize("sent", [{}, {"campaign": "x", "sku": "1"}, {"campaign": "1"}])
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
