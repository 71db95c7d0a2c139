"""The check of goods that are to join a promotion (C-49)."""

from datetime import timedelta

import pytest

from catalog.models import PriceHistory, Product
from inventory.models import StockItem
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import NotFound
from mall.kernel.testing.queries import count_queries
from members.testing import make_account, make_member
from orders.models import Order, OrderLine
from orders.services import check_goods
from orders.testing import NOON, make_order, make_stocked_sku
from promotions.models import ActivityItem, Campaign, CampaignFinding, Level
from promotions.services import blocking_findings, save_rehearsal_policy
from promotions.testing import make_campaign, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db
AT = NOON + timedelta(hours=1)
DRAFT = {"status": Campaign.Status.DRAFT}


def sold(sku, pieces: int, **values) -> None:
    """An imported order of ``pieces``."""
    order = Order.objects.create(
        number=f"I{Order.objects.count()}",
        placed_at=NOON,
        goods_fen=pieces,
        payable_fen=pieces,
        paid_fen=pieces,
        **{"paid_at": NOON, **values},
    )
    OrderLine.objects.create(
        order=order,
        position=1,
        sku=sku,
        sku_code=sku.code,
        title_zh=sku.code,
        quantity=pieces,
        list_fen=pieces,
        payable_fen=pieces,
    )


def offered(sku, *prices: int) -> None:
    """What the SKU cost over the last days, oldest first, and that shoppers could buy it."""
    PriceHistory.objects.bulk_create(
        [
            PriceHistory(
                sku=sku,
                price_fen=fen,
                list_price_fen=10_000,
                at=AT - timedelta(days=len(prices) - place),
            )
            for place, fen in enumerate(prices)
        ]
    )


def results(campaign: Campaign) -> dict[str, str]:
    rows = check_goods(campaign_id=campaign.pk, at=AT)
    return {row.code: row.level for row in rows}


def test_C_49_a_sku_with_49_sales_fails_and_with_50_at_its_30_day_low_passes():
    sku = make_stocked_sku(price_fen=10_000)
    Product.objects.update(quality_score=60)
    offered(sku, 10_000, 8_000, 10_000)
    campaign = make_sale(prices={sku.pk: 8_000}, **DRAFT)
    sold(sku, 49)

    assert results(campaign) == {
        "goods_price": Level.GREEN,
        "goods_sales": Level.RED,
        "goods_stock": Level.GREEN,
        "goods_listing": Level.GREEN,
    }
    (failed,) = CampaignFinding.objects.get(code="goods_sales").facts["goods"]
    assert (failed["code"], failed["sold"], failed["least"]) == (sku.code, 49, 50)
    assert [finding.code for finding in blocking_findings(campaign, AT)] == ["goods_sales"]

    sold(sku, 1)
    assert set(results(campaign).values()) == {Level.GREEN}
    assert blocking_findings(campaign, AT) == []


def test_a_price_above_the_lowest_of_30_days_fails():
    sku = make_stocked_sku(price_fen=10_000)
    offered(sku, 10_000, 8_000, 10_000)
    sold(sku, 50)
    campaign = make_sale(prices={sku.pk: 8_001}, **DRAFT)

    assert results(campaign)["goods_price"] == Level.RED
    (failed,) = CampaignFinding.objects.get(code="goods_price").facts["goods"]
    assert (failed["price_fen"], failed["lowest_fen"]) == (8_001, 8_000)


def test_an_activity_needs_stock_for_its_whole_quota():
    sku = make_stocked_sku(on_hand=10)
    sold(sku, 50)
    flash = make_campaign("flash", **DRAFT)
    item = ActivityItem.objects.create(campaign=flash, sku=sku, price_fen=100, quota=11)

    assert results(flash)["goods_stock"] == Level.RED
    (failed,) = CampaignFinding.objects.get(code="goods_stock").facts["goods"]
    assert (failed["free"], failed["needed"]) == (10, 11)

    ActivityItem.objects.filter(pk=item.pk).update(quota=10)
    assert results(flash)["goods_stock"] == Level.GREEN


def test_a_poor_listing_is_amber_as_the_shop_has_it():
    sku = make_stocked_sku()
    Product.objects.filter(pk=sku.product_id).update(quality_score=59)
    campaign = make_sale(prices={sku.pk: 100}, **DRAFT)

    assert results(campaign)["goods_listing"] == Level.AMBER
    (failed,) = CampaignFinding.objects.get(code="goods_listing").facts["goods"]
    assert (failed["score"], failed["least"]) == (59, 60)


def test_a_sale_needs_one_piece():
    sku = make_stocked_sku()
    StockItem.objects.update(on_hand=0)

    assert results(make_sale(prices={sku.pk: 100}, **DRAFT))["goods_stock"] == Level.RED


def test_only_pieces_paid_and_kept_count():
    sku = make_stocked_sku()
    make_order(sku=sku, quantity=30)  # nobody paid
    sold(sku, 60)
    OrderLine.objects.filter(order__number__startswith="I").update(refunded=11)
    campaign = make_sale(prices={sku.pk: 100}, **DRAFT)

    results(campaign)

    (failed,) = CampaignFinding.objects.get(code="goods_sales").facts["goods"]
    assert failed["sold"] == 49


def test_the_shop_says_how_bad_a_failed_rule_is():
    sku = make_stocked_sku()
    campaign = make_sale(prices={sku.pk: 100}, **DRAFT)
    save_rehearsal_policy(values={"sales_level": Level.AMBER, "least_sales": 20}, at=AT)
    sold(sku, 19)

    assert results(campaign)["goods_sales"] == Level.AMBER
    assert blocking_findings(campaign, AT) == []


def test_a_campaign_that_names_no_goods_is_told_so():
    assert results(make_threshold_off(**DRAFT)) == {"goods_none": Level.AMBER}


def test_the_check_leaves_a_trail_and_knows_what_is_not_there():
    operator = make_account(username="operator")
    campaign = make_threshold_off(**DRAFT)
    check_goods(campaign_id=campaign.pk, at=AT, actor=operator)

    assert AuditEntry.objects.get(verb="promotions.check_goods").actor == operator
    with pytest.raises(NotFound):
        check_goods(campaign_id=0, at=AT)


def test_two_goods_ask_as_much_as_twelve():
    make_member()
    few = make_sale(prices={make_stocked_sku().pk: 100 for _n in range(2)}, **DRAFT)
    many = make_sale(prices={make_stocked_sku().pk: 100 for _n in range(12)}, **DRAFT)

    with count_queries() as two:
        results(few)
    with count_queries(at_most=14) as twelve:
        results(many)

    assert len(two) == len(twelve)
