"""Orders that are fetched in a store: one code, one store, one time. Source: O-34."""

from datetime import timedelta

import pytest

from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem
from inventory.testing import make_stock, make_store
from mall.kernel.errors import NotFound
from mall.kernel.invariants import audit
from mall.kernel.notify.models import Message
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.testing import make_address, make_member, make_operator
from orders import messages
from orders.errors import (
    IllegalMove,
    PickupCodeWrong,
    PickupDone,
    PickupElsewhere,
    PickupLocked,
    PickupNotOffered,
    PickupNotPaid,
)
from orders.models import Order, OrderTask, Pickup, PickupTry, Shipment
from orders.pickup_codes import code_of
from orders.services import (
    Collect,
    Submission,
    Wanted,
    cancel_order,
    hand_over,
    place_order,
    ready_pickup,
    remind_pickups,
    ship_order,
)
from orders.testing import NOON, make_flash_sale, make_stocked_sku, offered, pay

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "13912345678"
WRONG = "0000000000"
CLERKS = 8


def clerk_of(*stores, username="clerk"):
    clerk = make_operator(username=username, is_superuser=False)
    for store in stores:
        store.staff.add(clerk)
    return clerk


@pytest.fixture
def store(db):
    return make_store(code="west-lake")


@pytest.fixture
def sku(store):
    sku = make_stocked_sku(on_hand=0)
    make_stock(sku=sku, on_hand=5, warehouse=store.warehouse)
    return sku


def collected(sku, store, *, quantity=1, paid=True, member=None):
    member = member or make_member()
    submission = Submission(
        wanted=(Wanted(sku.pk, quantity),), collect=Collect(store.pk, "王芳", PHONE)
    )
    order = place_order(member_id=member.pk, submission=submission, at=NOON)
    if paid:
        pay(order)
    return Order.objects.select_related("pickup__store").get(pk=order.pk)


def pieces_in(store, sku):
    item = StockItem.objects.get(sku=sku, warehouse=store.warehouse)
    return item.on_hand, item.reserved


def broken_laws():
    return [law.code for law, violation in audit() if violation]


def test_O_34_a_code_is_accepted_once_at_the_right_store(sku, store):
    order = collected(sku, store, quantity=2)
    code, clerk = code_of(order.pickup), clerk_of(store)

    done = hand_over(store_id=store.pk, code=code, actor=clerk, at=NOON)
    with pytest.raises(PickupDone):
        hand_over(store_id=store.pk, code=code, actor=clerk, at=NOON)

    assert done.status == Order.Status.RECEIVED
    assert pieces_in(store, sku) == (3, 0)
    shipment = Shipment.objects.get(order=order)
    assert (shipment.carrier, shipment.tracking_no, shipment.signed_at) == (None, "", NOON)
    assert Pickup.objects.get(order=order).collected_by == clerk
    assert [row.code for row in order.history.all()][-2:] == ["shipped", "received"]
    assert broken_laws() == []


def test_the_code_is_ten_digits_stored_nowhere_and_differs(sku, store):
    orders = [collected(sku, store) for _n in range(2)]
    codes = [code_of(order.pickup) for order in orders]

    assert all(len(code) == 10 and code.isdigit() for code in codes)
    assert codes[0] != codes[1]
    stored = " ".join(str(value) for row in Pickup.objects.values_list() for value in row)
    assert not any(code in stored for code in codes)


def test_a_retired_key_still_opens_what_it_closed(sku, store, settings):
    order = collected(sku, store)
    code, old = code_of(order.pickup), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [old]

    assert code_of(order.pickup) == code
    done = hand_over(store_id=store.pk, code=code, actor=clerk_of(store), at=NOON)

    assert done.status == Order.Status.RECEIVED


def test_freight_is_free_no_address_is_needed_and_the_store_is_the_address(sku, store):
    order = collected(sku, store, paid=False)

    assert (order.delivery, order.freight_fen, order.freight_base_fen) == ("pickup", 0, 0)
    assert (order.receiver_name, order.receiver_phone) == ("王芳", PHONE)
    assert store.address_zh in order.address_detail
    held = Reservation.objects.get(source_id=order.number)
    assert held.item.warehouse == store.warehouse


def test_what_lies_elsewhere_only_cannot_be_fetched(store):
    sku = make_stocked_sku(on_hand=40)

    with pytest.raises(OutOfStock):
        collected(sku, store)

    assert not Order.objects.exists()


def test_a_store_without_pick_up_and_goods_of_an_activity_are_refused(sku, store):
    closed = make_store(offers_pickup=False)
    flash_sku = make_stocked_sku()
    campaign = make_flash_sale(flash_sku)
    submission = Submission(
        wanted=(offered(campaign.items.get()),), collect=Collect(store.pk, "王芳", PHONE)
    )

    with pytest.raises(PickupNotOffered):
        collected(sku, closed)
    with pytest.raises(PickupNotOffered):
        place_order(member_id=make_member().pk, submission=submission, at=NOON)

    assert not Order.objects.exists()


def test_another_store_does_not_hand_it_over(sku, store):
    order, other = collected(sku, store), make_store(code="east")
    clerk = clerk_of(other)

    with pytest.raises(PickupElsewhere):
        hand_over(store_id=other.pk, code=code_of(order.pickup), actor=clerk, at=NOON)

    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_only_the_staff_of_a_store_hand_over_there(sku, store):
    order, stranger = collected(sku, store), clerk_of(make_store(code="east"))

    with pytest.raises(NotFound):
        hand_over(store_id=store.pk, code=code_of(order.pickup), actor=stranger, at=NOON)

    assert not PickupTry.objects.exists()


@pytest.mark.parametrize("end", ["unpaid", "cancelled"])
def test_what_is_not_paid_is_not_handed_over(sku, store, end):
    order = collected(sku, store, paid=end == "cancelled")
    if end == "cancelled":
        cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)

    with pytest.raises(PickupNotPaid):
        hand_over(store_id=store.pk, code=code_of(order.pickup), actor=clerk_of(store), at=NOON)

    assert pieces_in(store, sku) == (5, 1 if end == "unpaid" else 0)


def test_five_wrong_codes_lock_and_every_further_one_doubles_the_time(sku, store):
    order, clerk = collected(sku, store), clerk_of(store)
    code = code_of(order.pickup)
    for _n in range(5):
        with pytest.raises(PickupCodeWrong):
            hand_over(store_id=store.pk, code=WRONG, actor=clerk, at=NOON)

    with pytest.raises(PickupLocked) as refusal:
        hand_over(store_id=store.pk, code=code, actor=clerk, at=NOON)
    later = NOON + timedelta(minutes=1)
    with pytest.raises(PickupCodeWrong):
        hand_over(store_id=store.pk, code=WRONG, actor=clerk, at=later)

    assert refusal.value.facts == {"retry_after_seconds": 61}
    assert PickupTry.objects.get().locked_until == later + timedelta(minutes=2)
    done = hand_over(store_id=store.pk, code=code, actor=clerk, at=later + timedelta(minutes=2))
    assert done.status == Order.Status.RECEIVED
    assert PickupTry.objects.get().failures == 0


def test_a_colleague_is_not_locked_out(sku, store):
    order = collected(sku, store)
    first, second = clerk_of(store), clerk_of(store, username="second")
    for _n in range(5):
        with pytest.raises(PickupCodeWrong):
            hand_over(store_id=store.pk, code=WRONG, actor=first, at=NOON)

    code = code_of(order.pickup)

    assert hand_over(store_id=store.pk, code=code, actor=second, at=NOON).is_received


def test_what_is_picked_up_is_sent_by_no_carrier(sku, store):
    order = collected(sku, store)

    with pytest.raises(IllegalMove):
        ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)

    assert not Shipment.objects.exists()


def told(template):
    return Message.objects.filter(template=template).values("account").distinct().count()


def test_the_buyer_is_told_when_it_is_ready_and_on_the_last_day(sku, store):
    order = collected(sku, store)
    for _twice in range(2):
        pickup = ready_pickup(order_number=order.number, at=NOON)
    last_day = pickup.keep_until - timedelta(hours=23)

    assert remind_pickups(NOON + timedelta(days=1)) == 0
    assert remind_pickups(last_day) == 1
    assert remind_pickups(last_day) == 0
    assert (told(messages.PICKUP_READY), told(messages.PICKUP_LAST_DAY)) == (1, 1)


def test_what_nobody_fetches_becomes_a_task_that_handing_over_closes(sku, store):
    order = collected(sku, store)
    pickup = ready_pickup(order_number=order.number, at=NOON)

    assert remind_pickups(pickup.keep_until) == 2
    assert remind_pickups(pickup.keep_until) == 0
    task = OrderTask.objects.get(kind=OrderTask.Kind.PICKUP)
    assert (task.reference, task.closed_at) == (order.number, None)

    at = pickup.keep_until + timedelta(hours=1)
    hand_over(store_id=store.pk, code=code_of(order.pickup), actor=clerk_of(store), at=at)
    task.refresh_from_db()
    assert task.closed_at == at


def at_once(order, store, sku):
    clerk, code = clerk_of(store), code_of(order.pickup)
    return stampede(
        CLERKS, lambda _n: hand_over(store_id=store.pk, code=code, actor=clerk, at=NOON)
    )


def test_of_eight_clerks_with_one_code_one_hands_it_over(sku, store):
    order = collected(sku, store)

    outcomes = at_once(order, store, sku)

    assert len(outcomes.results) == 1
    assert {type(error) for error in outcomes.errors} == {PickupDone}
    assert pieces_in(store, sku) == (4, 0)
    assert broken_laws() == []


def test_control_without_locks_the_others_stumble_further_in(sku, store):
    order = collected(sku, store)

    with (
        without_locks(),
        all_read_before_any_writes("orders.services.collecting._check_paid", CLERKS),
    ):
        outcomes = at_once(order, store, sku)

    assert not outcomes.only(PickupDone)


def test_a_pick_up_costs_three_statements_more_than_a_parcel(sku, store, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    member, plain = make_member(), make_stocked_sku()
    address = make_address(member=member)
    with CaptureQueriesContext(connection) as sent:
        place_order(
            member_id=member.pk,
            submission=Submission(address_id=address.pk, wanted=(Wanted(plain.pk, 1),)),
            at=NOON,
        )

    with CaptureQueriesContext(connection) as fetched:
        collected(sku, store, paid=False, member=member)

    savepoints = sum("SAVEPOINT" in query["sql"] for query in fetched.captured_queries) - sum(
        "SAVEPOINT" in query["sql"] for query in sent.captured_queries
    )
    read_again = 1  # by `collected`, which gives the order back
    assert len(fetched) - savepoints - read_again <= len(sent) + 3
