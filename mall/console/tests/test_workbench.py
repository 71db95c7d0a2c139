"""The first page: true numbers that lead to lists, of one's own work only, at a fixed cost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from inventory.models import StockItem
from inventory.services import raise_alerts
from mall.console.testing import client_of, make_clerk
from mall.kernel import monitor
from mall.kernel.monitor.models import TaskRun
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from orders.models import Order, Refund
from orders.testing import make_group_order, make_order, make_stocked_sku
from promotions.testing import make_group_buy

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL_TILES = {"to_ship", "to_pay", "to_refund", "low_stock", "turnover", "failed_tasks"}


def workbench(client):
    with time_machine.travel(NOON, tick=False):
        return client.get(reverse("admin:index"))


def tiles(client):
    return {tile.code: tile for tile in workbench(client).context["tiles"]}


@pytest.fixture
def superuser():
    return client_of(make_operator())


def make_refund(order: Order, number: int, status: str) -> Refund:
    payment = order.payments.get()
    return Refund.objects.create(
        refund_no=f"R{number}", payment=payment, order=order, amount_fen=100, reason="partial",
        status=status, next_at=NOON, created_at=NOON,
    )  # fmt: skip


def make_run(number: int, *, ago: timedelta, state: str = TaskRun.State.FAILED) -> TaskRun:
    return TaskRun.objects.create(
        task_id=f"run-{number}", name="orders.close_unpaid", state=state, started_at=NOON - ago
    )


def test_an_empty_shop_has_calm_tiles_and_says_so(superuser):
    cache.set(monitor.HEARTBEAT_KEY, NOON)
    answer = workbench(superuser)

    found = {tile.code: (tile.words, tile.tone) for tile in answer.context["tiles"]}
    text = answer.content.decode()
    assert found == dict.fromkeys(ALL_TILES - {"turnover"}, ("0", "calm")) | {
        "turnover": ("¥0.00", "calm")
    }
    assert "Everything that is paid has left." in text
    assert "No stock is below its safety line." in text
    assert "No day has been built yet." in text


def test_tiles_count_what_waits(superuser):
    cache.set(monitor.HEARTBEAT_KEY, NOON)
    sku, member = make_stocked_sku(), make_member()
    paid = make_order(member=member, sku=sku, paid=True, at=NOON - HOUR)
    make_order(member=member, sku=sku, paid=True, at=NOON - 2 * HOUR)
    make_order(member=member, sku=sku, at=NOON - HOUR)
    make_refund(paid, 1, Refund.Status.PENDING)
    make_refund(paid, 2, Refund.Status.FAILED)
    make_refund(paid, 3, Refund.Status.SUCCEEDED)
    StockItem.objects.update(safety_stock=100)
    raise_alerts(NOON)
    make_run(1, ago=HOUR)
    make_run(2, ago=25 * HOUR)
    make_run(3, ago=HOUR, state=TaskRun.State.DONE)

    found = {code: (tile.words, tile.tone) for code, tile in tiles(superuser).items()}

    assert found == {
        "to_ship": ("2", "busy"),
        "to_pay": ("1", "calm"),
        "to_refund": ("2", "bad"),
        "low_stock": ("1", "busy"),
        "turnover": ("¥200.00", "calm"),
        "failed_tasks": ("1", "bad"),
    }


def test_turnover_is_compared_with_yesterday_until_the_same_time(superuser):
    sku, member = make_stocked_sku(), make_member()
    make_order(member=member, sku=sku, quantity=3, paid=True, at=NOON - HOUR)
    make_order(member=member, sku=sku, quantity=2, paid=True, at=NOON - 25 * HOUR)
    make_order(member=member, sku=sku, quantity=9, paid=True, at=NOON - 23 * HOUR)

    tile = tiles(superuser)["turnover"]

    assert (tile.words, tile.note) == ("¥300.00", "1 paid order")
    assert (tile.change.direction, tile.change.words) == ("up", "50%")


def test_a_silent_worker_is_trouble(superuser):
    cache.delete(monitor.HEARTBEAT_KEY)

    tile = tiles(superuser)["failed_tasks"]

    assert (tile.tone, tile.note, tile.link) == ("bad", "the worker is silent", "/admin/tasks/")


def test_X_37_an_old_backup_is_trouble_and_a_young_one_no_news(superuser, settings):
    settings.DEMO = False
    none = tiles(superuser)["backup"]
    monitor.note_backup(name="2026-11-20", at=NOON - 49 * HOUR)
    old = tiles(superuser)["backup"]
    monitor.note_backup(name="2026-11-22", at=NOON - 26 * HOUR)

    assert (none.words, none.tone) == ("none", "bad")
    assert (old.words, old.note, old.tone) == ("2 days", "one is due every night", "bad")
    assert "backup" not in tiles(superuser)
    listed = superuser.get(old.link).content.decode()
    assert "2026-11-20" in listed


def test_every_tile_leads_to_a_list_that_opens_with_its_filter(superuser):
    cache.set(monitor.HEARTBEAT_KEY, NOON)
    found = tiles(superuser)

    assert set(found) == ALL_TILES
    for tile in found.values():
        answer = superuser.get(tile.link)
        assert answer.status_code == 200, tile.link
        assert "?" in tile.link


def test_the_list_behind_to_ship_holds_exactly_the_counted_orders(superuser):
    sku, member = make_stocked_sku(), make_member()
    waiting = make_order(member=member, sku=sku, paid=True, at=NOON - HOUR)
    make_order(member=member, sku=sku, at=NOON - HOUR)
    make_group_order(make_group_buy(sku), paid=True, at=NOON - HOUR)

    rows = superuser.get(tiles(superuser)["to_ship"].link).context["cl"].result_list

    assert [row.pk for row in rows] == [waiting.pk]


def test_the_queue_shows_the_longest_waiting_order_first_with_its_pieces(superuser):
    sku, member = make_stocked_sku(), make_member()
    young = make_order(member=member, sku=sku, quantity=1, paid=True, at=NOON - HOUR)
    old = make_order(member=member, sku=sku, quantity=4, paid=True, at=NOON - 50 * HOUR)

    rows = workbench(superuser).context["to_ship"]

    assert [(row["order"].number, row["pieces"], row["waits"]) for row in rows] == [
        (old.number, 4, "2 days"),
        (young.number, 1, "1 hour"),
    ]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("service", {"to_ship", "to_pay", "to_refund"}),
        ("marketing", {"turnover"}),
        ("warehouse", {"to_ship", "to_pay", "low_stock"}),
        ("finance", {"to_ship", "to_pay", "to_refund", "turnover"}),
        ("admin", ALL_TILES),
    ],
)
def test_each_role_sees_the_tiles_of_its_work(role, seen):
    assert set(tiles(client_of(make_clerk(role)))) == seen


def test_an_operator_without_a_role_is_told_what_to_do():
    answer = workbench(client_of(make_operator(is_superuser=False)))

    assert answer.status_code == 200
    assert "Nothing is yours to do here yet" in answer.content.decode()


def test_the_workbench_costs_the_same_whatever_waits(superuser):
    sku, member = make_stocked_sku(on_hand=100), make_member()
    workbench(superuser)
    with count_queries() as empty:
        workbench(superuser)
    for _number in range(9):
        make_order(member=member, sku=sku, paid=True, at=NOON - HOUR)
    StockItem.objects.update(safety_stock=1000)
    raise_alerts(NOON)
    with count_queries() as busy:
        workbench(superuser)

    assert len(busy) <= len(empty) + 1 <= 12, f"{empty}\n---\n{busy}"
