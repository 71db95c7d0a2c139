"""The operators' screens of prices: the list, the price tool, the wishes that wait, competitors."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.models import CompetitorPrice, PriceChange, Sku
from catalog.pricing import market_price
from catalog.selectors import competition
from catalog.services import PriceWish, ask_prices, change_sku, save_price_guard
from catalog.testing import AT, make_operator, make_product, make_sku
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
BACKEND = "members.backends.AccountBackend"


def operator(client, name, *codenames):
    account = get_user_model().objects.create(
        username=name, is_staff=True, is_superuser=not codenames
    )
    account.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(account, backend=BACKEND)
    return account


@pytest.fixture
def seller(client):
    return operator(client, "seller")


def page(name, *args):
    return reverse(f"admin:catalog_{name}", args=args)


def text(answer):
    return answer.content.decode()


def typed_list(sku, **values):
    row = {"id": sku.pk, "price_fen": "88.00", "list_price_fen": "120.00", **values}
    data = {f"form-0-{name}": value for name, value in row.items()}
    return data | {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "_save": "Save"}


def told(answer):
    return [message.level_tag for message in answer.context["messages"]]


def waiting_change(maker=None, price_fen=100):
    sku = make_sku(price_fen=8_800)
    wish = PriceWish(sku_id=sku.pk, price_fen=price_fen, list_price_fen=8_800)
    ask_prices(wishes=[wish], reason="清仓", at=clock.now(), actor=maker or make_operator())
    return PriceChange.objects.get(sku=sku)


def test_C_28_88_yuan_typed_as_1_yuan_in_the_price_list_waits_and_says_so(client, seller):
    sku = make_sku(price_fen=8_800, list_price_fen=12_000)

    answer = client.post(page("sku_changelist"), typed_list(sku, price_fen="1.00"), follow=True)

    sku.refresh_from_db()
    assert sku.price_fen == 8_800
    assert "warning" in told(answer)
    change = PriceChange.objects.get()
    assert (change.price_fen, change.status, change.maker) == (100, "waiting", seller)


def test_who_asked_cannot_approve_and_a_second_person_can(client, seller):
    own, others = waiting_change(maker=seller), waiting_change()

    refused = client.post(page("pricechange_approve_one", own.pk), follow=True)
    client.post(page("pricechange_approve_one", others.pk))

    assert "error" in told(refused)
    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.status, others.status) == ("waiting", "applied")
    assert Sku.objects.get(pk=others.sku_id).price_fen == 100


def test_approving_from_the_list_and_returning_with_a_reason(client, seller):
    first, second = waiting_change(), waiting_change()

    client.post(
        page("pricechange_changelist"), {"action": "approve", "_selected_action": [first.pk]}
    )
    client.post(page("pricechange_return_one", second.pk), {"answer": "少写了一个零"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.checker) == ("applied", seller)
    assert (second.status, second.answer) == ("returned", "少写了一个零")


def test_without_the_right_to_approve_nothing_is_approved(client):
    operator(client, "seller", "view_pricechange", "change_sku")
    change = waiting_change()

    answer = client.post(page("pricechange_approve_one", change.pk))

    assert answer.status_code == 403
    change.refresh_from_db()
    assert change.status == "waiting"
    assert client.post(page("pricechange_cancel_one", change.pk)).status_code == 302
    change.refresh_from_db()
    assert change.status == "cancelled"


def test_C_26_cost_50_at_40_percent_is_70_and_49_is_below_cost(client, seller):
    sku = make_sku(price_fen=6_000)
    change_sku(sku_id=sku.pk, values={"cost_fen": 5_000}, at=AT)
    address = page("sku_change_price", sku.pk)

    assert "70.00" in text(client.get(address))
    client.post(address, {"margin": 40, "list_price_fen": "80", "reason": "按成本定价"})
    refused = client.post(
        address, {"price_fen": "49", "list_price_fen": "80", "reason": "引流"}, follow=True
    )

    sku.refresh_from_db()
    assert (sku.price_fen, sku.list_price_fen) == (7_000, 8_000)
    assert "error" in told(refused)
    assert not PriceChange.objects.filter(price_fen=4_900).exists()


def test_C_26_the_usual_margin_is_the_shops_to_say(client, seller):
    save_price_guard(values={"usual_margin_bp": 5_000}, at=AT, actor=None)
    sku = make_sku(price_fen=6_000)
    change_sku(sku_id=sku.pk, values={"cost_fen": 5_000}, at=AT)

    answer = client.get(page("sku_change_price", sku.pk))

    assert "75.00" in text(answer)
    assert answer.context["form"]["margin"].value() == 50


def test_C_26_who_may_not_see_costs_sees_no_cost_no_margin_and_no_suggestion(client):
    operator(client, "seller", "view_sku", "change_sku")
    sku = make_sku(price_fen=6_000)
    change_sku(sku_id=sku.pk, values={"cost_fen": 4_321}, at=AT)

    answer = client.get(page("sku_change_price", sku.pk))

    shown = text(answer)
    assert answer.status_code == 200
    assert "43.21" not in shown
    assert "60.49" not in shown  # 43.21 at 40 %
    assert "margin" not in answer.context["form"].fields


def test_a_price_of_next_week_is_planned_on_the_page(client, seller):
    sku = make_sku(price_fen=6_000)
    day = clock.day_of(clock.now()) + timedelta(days=7)
    typed = {
        "price_fen": "55",
        "list_price_fen": "60",
        "effective_at_0": day.isoformat(),
        "effective_at_1": "00:00",
        "reason": "周年庆",
    }

    answer = client.post(page("sku_change_price", sku.pk), typed)

    assert answer.status_code == 302
    change = PriceChange.objects.get()
    assert (change.status, change.reason) == ("scheduled", "周年庆")
    assert clock.day_of(change.effective_at) == day


def test_C_27_90_100_110_average_100_and_the_own_place(client, seller):
    product = make_product(price_fen=9_500)
    for competitor, price_fen in (("甲店", 9_000), ("乙店", 10_000), ("丙店", 11_000)):
        CompetitorPrice.objects.create(
            product=product, competitor=competitor, price_fen=price_fen, seen_on=date(2026, 11, 1)
        )
    CompetitorPrice.objects.create(
        product=product, competitor="甲店", price_fen=1, seen_on=date(2026, 10, 1)
    )

    found = competition(product, AT)

    assert (found.low_fen, found.average_fen, found.high_fen) == (9_000, 10_000, 11_000)
    assert (found.place, found.of) == (2, 4)
    assert market_price(found, cost_fen=5_000, floor_bp=1_000) == 10_000
    assert market_price(found, cost_fen=9_500, floor_bp=1_000) == 10_450
    client.cookies["django_language"] = "en"
    shown = text(client.get(page("sku_change_price", product.skus.get().pk)))
    assert "¥90.00 / ¥100.00 / ¥110.00" in shown


def test_a_competitors_price_is_typed_in(client, seller):
    product = make_product(price_fen=9_500)
    typed = {
        "product": product.pk,
        "competitor": "甲店",
        "price_fen": "90",
        "url": "shop.example/tee",
        "seen_on": "2026-11-01",
    }

    answer = client.post(page("competitorprice_add"), typed)

    assert answer.status_code == 302
    row = CompetitorPrice.objects.get()
    assert (row.price_fen, row.url) == (9_000, "https://shop.example/tee")
    assert "¥90.00" in text(client.get(page("competitorprice_change", row.pk)))


def test_a_product_nobody_else_sells_has_no_market():
    assert competition(make_product(), AT) is None


def test_C_32_a_list_price_never_sold_raises_a_warning(client, seller):
    sku = make_sku(price_fen=8_000, list_price_fen=10_000)
    form = {
        "barcode": "",
        "price_fen": "80",
        "list_price_fen": "100",
        "list_price_kind": Sku.ListPriceKind.OFFERED,
        "cost_fen": "0",
        "weight_grams": "1",
        "volume_cm3": "0",
        "is_active": "on",
        "bundle_parts-TOTAL_FORMS": "0",
        "bundle_parts-INITIAL_FORMS": "0",
    }

    answer = client.post(page("sku_change", sku.pk), form, follow=True)

    assert "warning" in told(answer)
    sku.refresh_from_db()
    assert sku.list_price_kind == Sku.ListPriceKind.UNPROVEN


def test_the_limits_are_changed_with_a_trail_and_by_one_row(client, seller):
    form = {
        "drop_bp": 5,
        "spread_bp": 200,
        "gradient_answer": "warn",
        "floor_margin_bp": "12.5",
        "usual_margin_bp": "40",
    }

    answer = client.post(page("priceguard_change", 1), form)

    assert answer.status_code == 302
    waiting = waiting_change(price_fen=8_300)
    assert waiting.needs == ["deep_drop"]
    assert client.get(page("priceguard_add")).status_code == 403


def test_lists_cost_the_same_however_many_wishes(client, seller):
    for _number in range(2):
        waiting_change()
    with count_queries() as few:
        assert client.get(page("pricechange_changelist")).status_code == 200
    for _number in range(10):
        waiting_change()

    with count_queries(at_most=len(few)):
        assert client.get(page("pricechange_changelist")).status_code == 200
