"""Papers of stock in the back office: from the draft to the book, by forms."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.testing import make_product, make_sku
from inventory.models import Disposal, RestockPolicy, StockForecast, Stocktake, Transfer
from inventory.services import (
    adjust_stock,
    draft_transfer,
    open_stocktake,
    propose_disposal,
    set_defective,
)
from inventory.testing import LONG_AGO, make_stock, make_warehouse
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
BACKEND = "members.backends.AccountBackend"
MODELS = ("transfer", "stocktake", "disposal", "stockloss", "returnintake", "stockwatch")


def person(name, *codenames):
    account = get_user_model().objects.create(
        username=name, is_staff=True, is_superuser=not codenames
    )
    account.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return account


@pytest.fixture
def enter(client):
    client.cookies["django_language"] = "en"

    def as_(account):
        client.force_login(account, backend=BACKEND)
        return client

    return as_


@pytest.fixture
def maker():
    return person("maker")


@pytest.fixture
def checker():
    return person("checker")


@pytest.fixture
def item():
    return make_stock(sku=make_sku(), on_hand=10, cost_fen=4_000)


def page(name, *args):
    return reverse(f"admin:inventory_{name}", args=args)


def send(client, name, pk, **figures):
    answer = client.post(page(name, pk), figures)
    assert answer.status_code == 302, answer.content.decode()[:200]


def test_a_transfer_from_draft_to_receipt(enter, maker, item):
    client = enter(maker)
    target = make_warehouse()
    assert client.get(page("transfer_draft")).status_code == 200
    draft = {
        "warehouse": item.warehouse_id,
        "target": target.pk,
        "lines": f"{item.sku.code} 5",
        "note": "",
    }
    same = client.post(page("transfer_draft"), {**draft, "target": item.warehouse_id})
    assert same.status_code == 200
    assert client.post(page("transfer_draft"), draft).status_code == 302
    transfer = Transfer.objects.get()

    send(client, "transfer_send", transfer.pk)
    asked = client.get(page("transfer_receive", transfer.pk))
    reference = asked.context["form"].initial["reference"]
    arrival = {f"sku_{item.sku_id}": 5, "reference": reference}
    send(client, "transfer_receive", transfer.pk, **arrival)

    transfer.refresh_from_db()
    assert transfer.status == Transfer.Status.RECEIVED
    assert item.sku.stock_items.get(warehouse=target).on_hand == 5
    assert client.get(page("transfer_change", transfer.pk)).status_code == 200


def test_a_stocktake_is_counted_by_one_and_approved_by_another(enter, maker, checker, item):
    client = enter(maker)
    opened = client.post(page("stocktake_open_list"), {"warehouse": item.warehouse_id, "note": ""})
    assert opened.status_code == 302
    paper = Stocktake.objects.get()
    wrong = client.post(page("stocktake_enter", paper.pk), {"lines": "NO-SUCH 8"})
    assert wrong.status_code == 200
    send(client, "stocktake_enter", paper.pk, lines=f"{item.sku.code} 8 two are gone")
    send(client, "stocktake_submit", paper.pk)
    own = client.post(page("stocktake_approve", paper.pk), {})
    assert own.status_code == 200
    assert "somebody else approves it" in own.content.decode()

    send(enter(checker), "stocktake_approve", paper.pk)

    item.refresh_from_db()
    assert item.on_hand == 8
    assert AuditEntry.objects.get(verb="inventory.approve_stocktake").actor == checker


def test_an_adjustment_is_handed_in_and_refused(enter, maker, checker, item):
    figures = {"difference": -2, "reason": "torn"}
    said = enter(maker).post(page("stockitem_adjust", item.pk), figures, follow=True)
    assert "waits for approval." in said.content.decode()
    paper = Stocktake.objects.get()
    assert paper.status == Stocktake.Status.WAITING

    send(enter(checker), "stocktake_refuse", paper.pk, note="count again")

    item.refresh_from_db()
    assert item.on_hand == 10


def test_defects_are_set_aside_and_sold_as_b_grade(enter, maker, checker, item):
    client = enter(maker)
    aside = client.get(page("stockitem_set_defective", item.pk)).context["form"].initial
    send(
        client,
        "stockitem_set_defective",
        item.pk,
        pieces=3,
        reason="torn",
        source_id=aside["source_id"],
    )
    scrap = {"way": "scrap", "pieces": 2, "proceeds_fen": "50.00", "reason": "torn"}
    assert client.post(page("stockitem_dispose", item.pk), scrap).status_code == 200
    send(client, "stockitem_dispose", item.pk, **{**scrap, "way": "sell"})
    paper = Disposal.objects.get()
    assert paper.proceeds_fen == 5_000

    send(enter(checker), "disposal_approve", paper.pk)

    item.refresh_from_db()
    assert (item.on_hand, item.defective) == (7, 1)


def test_a_hit_is_marked_and_the_rules_are_changed_with_a_trail(enter, maker, item):
    client = enter(maker)
    send(client, "stockitem_mark_hit", item.pk, is_hit="on")
    assert StockForecast.objects.get(item=item).is_hit
    url = page("restockpolicy_change", 1)
    rules = client.get(url).context["adminform"].form.initial

    answer = client.post(url, {**rules, "overstock_days": 60})

    assert answer.status_code == 302
    assert RestockPolicy.objects.get().overstock_days == 60
    assert AuditEntry.objects.get(verb="inventory.set_restock_policy").before == {
        "overstock_days": 90
    }


def test_who_may_only_look_moves_nothing(enter, maker, item):
    transfer = draft_transfer(
        origin_id=item.warehouse_id,
        target_id=make_warehouse().pk,
        pieces={item.sku_id: 1},
        at=LONG_AGO,
    )
    paper = adjust_stock(item_id=item.pk, difference=-1, reason="x", at=LONG_AGO, actor=maker)
    views = [f"view_{model}" for model in (*MODELS, "stockitem")]
    client = enter(person("visitor", *views))

    for model in MODELS:
        assert client.get(page(f"{model}_changelist")).status_code == 200
    for deed, pk in (
        ("transfer_send", transfer.pk),
        ("transfer_receive", transfer.pk),
        ("transfer_cancel", transfer.pk),
        ("stocktake_approve", paper.pk),
        ("stocktake_enter", paper.pk),
        ("stockitem_adjust", item.pk),
        ("stockitem_dispose", item.pk),
        ("stockitem_mark_hit", item.pk),
        ("stockitem_set_defective", item.pk),
    ):
        assert client.post(page(deed, pk), {}).status_code == 403
    transfer.refresh_from_db()
    assert transfer.status == Transfer.Status.DRAFT


def test_the_lists_of_papers_keep_their_budget(enter, maker):
    client = enter(maker)
    target = make_warehouse()
    for sku in make_product(skus=20).skus.all():
        item = make_stock(sku=sku, on_hand=5)
        draft_transfer(
            origin_id=item.warehouse_id, target_id=target.pk, pieces={sku.pk: 1}, at=LONG_AGO
        )
        adjust_stock(item_id=item.pk, difference=-1, reason="x", at=LONG_AGO, actor=maker)
        set_defective(item_id=item.pk, pieces=1, reason="x", source_id=str(sku.pk), at=LONG_AGO)
        propose_disposal(
            item_id=item.pk, way="scrap", pieces=1, reason="x", at=LONG_AGO, actor=maker
        )
    open_stocktake(warehouse_id=item.warehouse_id, at=LONG_AGO)

    for model in MODELS:
        with count_queries(at_most=14):
            assert client.get(page(f"{model}_changelist")).status_code == 200
    with count_queries(at_most=14):
        paper = Stocktake.objects.filter(kind="count").get()
        assert client.get(page("stocktake_change", paper.pk)).status_code == 200
