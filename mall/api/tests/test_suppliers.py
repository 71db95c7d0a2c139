"""The door of suppliers: signed, throttled, repeatable. Source: I-32, I-51."""

import json
from datetime import timedelta

import pytest

from catalog.testing import make_sku
from inventory.models import StockItem, SupplierSync
from inventory.services import end_supplier_key, issue_supplier_key, signature_of
from inventory.testing import make_goods, make_supplier
from mall.api.testing import ApiClient
from mall.kernel import clock

pytestmark = pytest.mark.django_db
PATH = "/api/v1/supplier/stock/"


@pytest.fixture
def supplier():
    return make_supplier(house=True)


@pytest.fixture
def key(supplier):
    return issue_supplier_key(supplier_id=supplier.pk, at=clock.now())


def post(key, body, *, moved=timedelta(), **headers):
    row, secret = key
    raw = json.dumps(body).encode()
    stamp = str(int((clock.now() + moved).timestamp()))
    signature = signature_of(secret, method="POST", path=PATH, timestamp=stamp, body=raw)
    sent = {
        "X-Supplier-Key": row.key_id,
        "X-Supplier-Timestamp": stamp,
        "X-Supplier-Signature": signature,
        "Accept-Language": "en",
        **headers,
    }
    return ApiClient().generic("POST", PATH, raw, "application/json", headers=sent)


def test_I_32_a_signed_message_sets_the_sellable_stock(supplier, key):
    sku = make_sku()
    make_goods(supplier, sku, buffer=10)
    body = {
        "reference": "2026-11-22T12:00",
        "items": [{"code": sku.code, "pieces": 60}, {"code": "nothing", "pieces": 1}],
    }

    answer = post(key, body)
    again = post(key, body)

    assert answer.status_code == 200
    assert answer.json() == again.json()
    assert answer.json()["accepted"] == 1
    assert answer.json()["refused"] == [{"row": 2, "code": "nothing", "reason": "unknown"}]
    assert StockItem.objects.get(sku=sku).available == 50
    assert SupplierSync.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Supplier-Signature": "0" * 64},
        {"X-Supplier-Signature": ""},
        {"X-Supplier-Key": "sk_nobody"},
        {"X-Supplier-Timestamp": "0"},
    ],
)
def test_what_is_not_signed_is_a_401_and_changes_nothing(key, headers):
    answer = post(key, {"reference": "1", "items": [{"code": "x", "pieces": 1}]}, **headers)

    assert answer.status_code == 401
    assert answer.json()["code"] == "inventory.supplier_key_refused"
    assert not SupplierSync.objects.exists()


@pytest.mark.parametrize("seconds", [-302, 302])
def test_a_message_of_another_time_is_refused(key, seconds):
    body = {"reference": "1", "items": [{"code": "x", "pieces": 1}]}

    assert post(key, body, moved=timedelta(seconds=seconds)).status_code == 401


def test_an_ended_key_opens_nothing(key):
    end_supplier_key(key_id=key[0].key_id, at=clock.now())

    answer = post(key, {"reference": "1", "items": [{"code": "x", "pieces": 1}]})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"reference": "1", "items": []},
        {"reference": "1", "items": [{"code": "x", "pieces": -1}]},
        {"reference": "1", "items": [{"code": "x", "pieces": "1"}]},
        {"reference": "1", "items": [{"code": "x", "pieces": 1, "cost_fen": 1}]},
        {"reference": "", "items": [{"code": "x", "pieces": 1}]},
        {"reference": "1", "taken_at": "yesterday", "items": [{"code": "x", "pieces": 1}]},
        {"reference": "1", "items": [{"code": "x", "pieces": 1}] * 1001},
        [],
    ],
)
def test_a_wrong_body_is_a_400_and_changes_nothing(key, body):
    assert post(key, body).status_code == 400
    assert not SupplierSync.objects.exists()


def test_a_time_in_the_future_is_taken_as_now(supplier, key):
    sku = make_sku()
    goods = make_goods(supplier, sku)

    answer = post(
        key,
        {
            "reference": "1",
            "taken_at": "9999-12-31T23:59:59Z",
            "items": [{"code": sku.code, "pieces": 60}],
        },
    )

    goods.refresh_from_db()
    assert answer.status_code == 200
    assert goods.synced_at <= clock.now()
