"""Stock figures of suppliers: taken in, shelved, watched, signed. Source: I-06, I-32, I-51."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.models import BundlePart
from catalog.services import set_bundle_parts
from catalog.testing import make_operator, make_sku
from inventory.admin.supplier_figures import REFUSED
from inventory.errors import (
    BundleIsSupplied,
    StockFileRefused,
    SupplierHasNoWarehouse,
    SupplierKeyRefused,
)
from inventory.models import (
    StockItem,
    StockMovement,
    SupplierAlert,
    SupplierKey,
    SupplierSku,
    SupplierSync,
)
from inventory.services import (
    SignedMessage,
    StockRow,
    end_supplier_key,
    issue_supplier_key,
    move_supplier,
    read_stock_file,
    reserve_stock,
    save_supplier_goods,
    signature_of,
    supplier_behind,
    sync_supplier_stock,
    watch_supplier_stock,
)
from inventory.testing import broken_books, make_goods, make_supplier
from mall.kernel.notify.models import Message

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = AT + timedelta(minutes=16)
LOW, STALE = SupplierAlert.Kind.LOW, SupplierAlert.Kind.STALE


@pytest.fixture
def supplier():
    return make_supplier(house=True)


def sync(supplier, *rows, reference="m-1", at=AT, taken_at=None):
    return sync_supplier_stock(
        supplier=supplier,
        reference=reference,
        rows=[StockRow(number, code, pieces) for number, (code, pieces) in enumerate(rows, 1)],
        taken_at=taken_at or at,
        at=at,
    )


def item(sku):
    return StockItem.objects.get(sku=sku, warehouse__kind="supplier")


def test_I_51_of_60_pieces_with_a_buffer_of_10_fifty_can_be_sold(supplier):
    sku = make_sku()
    make_goods(supplier, sku, buffer=10)

    answer = sync(supplier, (sku.code, 60))

    assert (answer.accepted, answer.refused) == (1, [])
    assert item(sku).available == 50
    movement = StockMovement.objects.get()
    assert (movement.kind, movement.delta_on_hand) == (StockMovement.Kind.SYNC, 50)
    assert not broken_books()


def test_the_same_message_counts_once_and_an_older_one_not_at_all(supplier):
    sku = make_sku()
    make_goods(supplier, sku)
    first = sync(supplier, (sku.code, 60))

    again = sync(supplier, (sku.code, 999), at=AT + timedelta(minutes=1))
    older = sync(supplier, (sku.code, 999), reference="m-0", taken_at=AT - timedelta(minutes=1))

    assert again == first
    assert older.refused == [{"row": 1, "code": sku.code, "reason": "older"}]
    assert item(sku).on_hand == 50


def test_good_rows_are_kept_and_bad_ones_named(supplier):
    one, other = make_sku(), make_sku()
    make_goods(supplier, one, supplier_code="F-1")
    make_goods(supplier, other)
    foreign = make_goods(make_supplier(), make_sku())

    answer = sync(
        supplier,
        ("F-1", 60),
        (other.code, None),
        (one.code, 70),
        ("nothing", 5),
        (foreign.sku.code, 5),
    )

    assert answer.accepted == 1
    assert [(row["row"], row["reason"]) for row in answer.refused] == [
        (2, "pieces"),
        (3, "twice"),
        (4, "unknown"),
        (5, "unknown"),
    ]
    assert item(one).on_hand == 50
    assert not StockItem.objects.filter(sku=other).exists()


def test_a_sku_that_became_a_bundle_is_refused_and_stops_no_other_row(supplier):
    one, made = make_sku(), make_sku()
    make_goods(supplier, one)
    make_goods(supplier, made, is_active=False)
    set_bundle_parts(sku_id=made.pk, parts={make_sku().pk: 2}, at=AT)

    answer = sync(supplier, (made.code, 60), (one.code, 60))

    assert answer.accepted == 1
    assert answer.refused == [{"row": 1, "code": made.code, "reason": "bundle"}]
    assert "bundle" in REFUSED
    assert item(one).on_hand == 50
    assert not StockItem.objects.filter(sku=made).exists()


def test_what_a_supplier_offers_becomes_no_bundle_before_it_is_switched_off(supplier):
    sku, part = make_sku(), make_sku()
    goods = make_goods(supplier, sku)

    with pytest.raises(BundleIsSupplied) as refused:
        set_bundle_parts(sku_id=sku.pk, parts={part.pk: 2}, at=AT)

    assert refused.value.facts == {"sku": sku.code, "supplier": supplier.title_zh}
    assert not BundlePart.objects.exists()
    goods.is_active = False
    save_supplier_goods(goods=goods, changed=["is_active"], at=AT)
    assert set_bundle_parts(sku_id=sku.pk, parts={part.pk: 2}, at=AT).is_bundle


def test_promised_pieces_are_never_taken_off_the_shelf(supplier):
    sku = make_sku()
    make_goods(supplier, sku)
    sync(supplier, (sku.code, 60))
    reserve_stock(order_number="A1", wanted={"0": (sku.pk, 30)}, region_code="330106", at=AT)

    sync(supplier, (sku.code, 12), reference="m-2", at=AT + timedelta(minutes=1))

    row = item(sku)
    assert (row.on_hand, row.reserved, row.available) == (30, 30, 0)
    assert not broken_books()


def test_I_06_forty_nine_pieces_raise_one_alert_a_crossing(supplier):
    operator = make_operator(is_superuser=True)
    sku = make_sku()
    make_goods(supplier, sku)

    for number, (pieces, open_alerts, all_alerts) in enumerate(
        [(50, 0, 0), (49, 1, 1), (48, 1, 1), (60, 0, 1), (49, 1, 2)]
    ):
        sync(
            supplier, (sku.code, pieces), reference=f"m-{number}", at=AT + timedelta(minutes=number)
        )
        assert SupplierAlert.objects.open().count() == open_alerts, pieces
        assert SupplierAlert.objects.count() == all_alerts, pieces

    assert {(one.kind, one.figure, one.limit) for one in SupplierAlert.objects.all()} == {
        (LOW, 49, 50)
    }
    assert Message.objects.filter(account=operator).count() == 2


def test_I_06_goods_that_stop_when_low_leave_the_shelf(supplier):
    sku = make_sku()
    make_goods(supplier, sku, stops_when_low=True)
    sync(supplier, (sku.code, 60))

    sync(supplier, (sku.code, 49), reference="m-2", at=AT + timedelta(minutes=1))

    assert item(sku).available == 0


def test_I_32_16_minutes_after_the_last_figures_there_is_a_stale_alert(supplier):
    sku = make_sku()
    make_goods(supplier, sku, buffer=10)
    sync(supplier, (sku.code, 60))

    assert watch_supplier_stock(AT + timedelta(minutes=15)) == 0
    assert not SupplierAlert.objects.exists()
    assert watch_supplier_stock(LATER) == 1
    assert watch_supplier_stock(LATER + timedelta(minutes=1)) == 1

    alert = SupplierAlert.objects.get()
    assert (alert.kind, alert.figure, alert.limit) == (STALE, 16, 15)
    assert item(sku).available == 10  # stale pieces are not sold above the buffer

    sync(supplier, (sku.code, 60), reference="m-2", at=LATER + timedelta(minutes=2))
    assert watch_supplier_stock(LATER + timedelta(minutes=2)) == 0
    alert.refresh_from_db()
    assert alert.resolved_at == LATER + timedelta(minutes=2)
    assert item(sku).available == 50
    assert not broken_books()


def test_the_watch_moves_nothing_twice(supplier):
    sku = make_sku()
    make_goods(supplier, sku)
    sync(supplier, (sku.code, 60))

    watch_supplier_stock(LATER)
    watch_supplier_stock(LATER + timedelta(minutes=1))

    assert StockMovement.objects.count() == 2


def test_goods_switched_off_leave_the_shelf(supplier):
    sku = make_sku()
    make_goods(supplier, sku)
    sync(supplier, (sku.code, 60))

    SupplierSku.objects.update(is_active=False)
    watch_supplier_stock(AT + timedelta(minutes=1))

    assert item(sku).on_hand == 0


def test_a_supplier_without_a_warehouse_has_no_shelf():
    with pytest.raises(SupplierHasNoWarehouse):
        sync(make_supplier(), ("x", 1))

    assert not SupplierSync.objects.exists()


def test_a_message_asks_the_same_number_of_questions_for_2_and_50_rows(
    supplier, django_assert_max_num_queries
):
    def ask(number):
        skus = [make_sku() for _n in range(number)]
        for sku in skus:
            make_goods(supplier, sku)
        with django_assert_max_num_queries(24) as asked:
            sync(supplier, *((sku.code, 60) for sku in skus), reference=f"q-{number}")
        return len(asked)

    assert ask(2) == ask(50)


def test_a_file_is_read_in_both_encodings_and_its_header_left_out():
    text = "编码,库存\nA-1,60\n\nB-2, 七\nC-3,-1\n"

    for content in (text.encode("utf-8-sig"), text.encode("gb18030")):
        assert read_stock_file(content) == [
            StockRow(2, "A-1", 60),
            StockRow(4, "B-2", None),
            StockRow(5, "C-3", None),
        ]


@pytest.mark.parametrize(
    "content", [b"\x00", b"a,1\n" * 5001, b"x" * 1_048_577, b"\xff\xff", b"'\"" + b"x" * 200_000]
)
def test_a_file_that_is_no_list_is_refused(content):
    with pytest.raises(StockFileRefused):
        read_stock_file(content)


def message(key, secret, *, at=AT, body=b"{}", signature=None):
    stamp = str(int(at.timestamp()))
    signed = signature_of(secret, method="POST", path="/x/", timestamp=stamp, body=body)
    return SignedMessage(key.key_id, stamp, signature or signed, "POST", "/x/", body)


def test_a_signed_message_is_known_within_five_minutes(supplier):
    key, secret = issue_supplier_key(supplier_id=supplier.pk, at=AT)

    assert supplier_behind(message(key, secret), AT) == supplier
    assert supplier_behind(message(key, secret), AT + timedelta(seconds=300)) == supplier
    assert supplier_behind(message(key, secret), AT - timedelta(seconds=300)) == supplier
    for moved in (301, -301):
        with pytest.raises(SupplierKeyRefused):
            supplier_behind(message(key, secret), AT + timedelta(seconds=moved))


def test_the_secret_is_kept_nowhere(supplier):
    _key, secret = issue_supplier_key(supplier_id=supplier.pk, at=AT)

    row = SupplierKey.objects.values().get()
    assert secret not in {str(value) for value in row.values()}


def test_forged_ended_and_suspended_are_refused_alike(supplier):
    key, secret = issue_supplier_key(supplier_id=supplier.pk, at=AT)
    good = message(key, secret)
    forged = [
        message(key, secret, signature="0" * 64),
        message(key, secret[::-1]),
        SignedMessage(good.key_id, good.timestamp, good.signature, "POST", "/x/", b"{ }"),
        SignedMessage(good.key_id, good.timestamp, good.signature, "POST", "/y/", b"{}"),
        SignedMessage("sk_nobody", good.timestamp, good.signature, "POST", "/x/", b"{}"),
        SignedMessage(good.key_id, "now", good.signature, "POST", "/x/", b"{}"),
        SignedMessage(good.key_id, good.timestamp, "é", "POST", "/x/", b"{}"),
    ]

    for one in forged:
        with pytest.raises(SupplierKeyRefused):
            supplier_behind(one, AT)
    move_supplier(supplier_id=supplier.pk, to="suspended", reason="x", at=AT)
    with pytest.raises(SupplierKeyRefused):
        supplier_behind(good, AT)
    move_supplier(supplier_id=supplier.pk, to="active", reason="x", at=AT)
    assert end_supplier_key(key_id=key.key_id, at=AT)
    assert not end_supplier_key(key_id=key.key_id, at=AT)
    with pytest.raises(SupplierKeyRefused):
        supplier_behind(good, AT)


def test_a_new_secret_of_the_house_keeps_old_keys_only_as_a_fallback(supplier, settings):
    key, secret = issue_supplier_key(supplier_id=supplier.pk, at=AT)
    before = settings.SECRET_KEY

    settings.SECRET_KEY = "another-" * 8
    with pytest.raises(SupplierKeyRefused):
        supplier_behind(message(key, secret), AT)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert supplier_behind(message(key, secret), AT) == supplier
