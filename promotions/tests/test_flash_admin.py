"""Operators look after flash sales: built with goods inline, published, seen with their pieces."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.testing import make_sku
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator
from promotions.models import ActivityItem, Campaign, StockLock
from promotions.services import ask_for_stock
from promotions.testing import AT, make_campaign, make_pricing_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(make_operator(is_superuser=True))
    return client


def test_P_19_a_flash_sale_is_written_with_its_goods_and_waits_for_its_pieces(boss):
    make_pricing_settings(approval_over_fen=None)
    sku = make_sku(price_fen=10_000)
    form = {
        "kind": "flash", "title_zh": "午间秒杀", "title_en": "Noon sale", "priority": 100,
        "starts_at_0": "2026-11-01", "starts_at_1": "00:00:00",
        "ends_at_0": "2099-12-01", "ends_at_1": "00:00:00",
        "scope_kind": "shop", "pay_minutes": 5, "remind_minutes": 10,
        "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0,
        "items-0-sku": sku.pk, "items-0-price_fen": "50", "items-0-quota": 20,
        "items-0-per_member": 1,
    }  # fmt: skip

    answer = boss.post(reverse("admin:promotions_campaign_add") + "?kind=flash", form)

    assert answer.status_code == 302, answer.context["errors"]
    campaign = Campaign.objects.get()
    item = campaign.items.get()
    assert (item.price_fen, item.quota, item.per_member) == (5_000, 20, 1)
    page = reverse("admin:promotions_campaign_publish", args=[campaign.pk])
    boss.post(page, {"version": campaign.version})
    campaign.refresh_from_db()
    assert (campaign.status, campaign.stock_lock.state) == ("approved", "asked")


def sales(number):
    for _n in range(number):
        campaign = make_campaign(Campaign.Kind.FLASH, status="approved")
        ActivityItem.objects.create(
            campaign=campaign, sku=make_sku(price_fen=10_000), price_fen=5_000, quota=20, taken=3
        )
        ask_for_stock(campaign, AT)


def test_the_list_shows_quota_taken_and_left_in_as_many_queries_for_fifty(boss):
    sales(2)
    boss.get(reverse("admin:promotions_stocklock_changelist"))
    with count_queries() as few:
        page = boss.get(reverse("admin:promotions_stocklock_changelist")).content.decode()
    sales(48)

    with count_queries() as many:
        boss.get(reverse("admin:promotions_stocklock_changelist"))

    assert ">17<" in page.replace(" ", "").replace("\n", "")
    assert len(few) == len(many) <= 12
    assert StockLock.objects.count() == 50
