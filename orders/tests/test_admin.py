"""The operators' screens: budgets, the receipt, shipping, closing, masked phones, what nobody
edits."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from members.testing import make_member
from orders.models import (
    BillFinding,
    DailyBill,
    Order,
    Payment,
    PaymentFailure,
    Refund,
    Review,
    Shipment,
)
from orders.services import Wanted, cancel_order, receive_order, write_review
from orders.testing import NOON, make_order, make_received_order, make_stocked_sku
from promotions.testing import make_threshold_off

pytestmark = pytest.mark.django_db
BACKEND = "members.backends.AccountBackend"


def operator(client, *codenames):
    account = get_user_model().objects.create(
        username="keeper", is_staff=True, is_superuser=not codenames
    )
    account.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(account, backend=BACKEND)
    return account


@pytest.fixture
def keeper(client):
    return operator(client)


def page(name, *args):
    return reverse(f"admin:orders_{name}", args=args)


def text(answer):
    return answer.content.decode()


def fill_bills():
    """A hundred daily bills with a difference each, and a hundred failures."""
    bills = DailyBill.objects.bulk_create(
        DailyBill(provider="sandbox", day=NOON.date() - timedelta(days=n), compared_at=NOON)
        for n in range(100)
    )
    BillFinding.objects.bulk_create(
        BillFinding(bill=bill, kind="extra", number=f"P{bill.pk}", their_fen=1, found_at=NOON)
        for bill in bills
    )
    PaymentFailure.objects.bulk_create(
        PaymentFailure(payment=payment, stage="pay", reason="limit", code="LIMIT", at=NOON)
        for payment in Payment.objects.all()
    )


def test_a_difference_is_solved_with_a_note(client, keeper):
    bill = DailyBill.objects.create(provider="sandbox", day=NOON.date(), compared_at=NOON)
    finding = BillFinding.objects.create(
        bill=bill, kind="different", number="P1", our_fen=100, their_fen=101, found_at=NOON
    )
    path = page("billfinding_solve", finding.pk)
    assert "1.01" in text(client.get(path))

    assert client.post(path, {"note": ""}).status_code == 200
    assert client.post(path, {"note": "paid by hand"}).status_code == 302

    finding.refresh_from_db()
    assert (finding.state, finding.note, finding.solved_by) == ("solved", "paid by hand", keeper)


def test_a_difference_is_solved_by_those_who_may(client):
    operator(client, "view_billfinding")
    bill = DailyBill.objects.create(provider="sandbox", day=NOON.date(), compared_at=NOON)
    finding = BillFinding.objects.create(
        bill=bill, kind="missing", number="P1", our_fen=100, found_at=NOON
    )

    assert client.post(page("billfinding_solve", finding.pk), {"note": "x"}).status_code == 403

    finding.refresh_from_db()
    assert finding.state == "open"


def test_every_list_keeps_its_budget_at_a_hundred_rows(client, keeper):
    sku, member = make_stocked_sku(on_hand=200), make_member()
    for _n in range(100):
        order = make_received_order(member=member, sku=sku)
        write_review(
            member_id=member.pk,
            order_number=order.number,
            line_id=order.lines.get().pk,
            rating=5,
            text="好",
            at=NOON,
        )
    Refund.objects.bulk_create(
        Refund(
            refund_no=f"R{payment.pk}",
            payment=payment,
            order_id=payment.order_id,
            amount_fen=1,
            reason="test",
            next_at=NOON,
            created_at=NOON,
        )
        for payment in Payment.objects.all()
    )

    fill_bills()
    models = ("order", "payment", "paymentnotice", "paymentfailure", "refund", "dailybill")
    for model in (*models, "billfinding", "shipment", "review", "cart"):
        with count_queries(at_most=12):
            assert client.get(page(f"{model}_changelist"), {"all": ""}).status_code == 200


def test_the_order_page_shows_the_buyers_receipt_to_the_fen(client, keeper):
    make_threshold_off(steps=((30_000, 5_000),))
    order = make_order(sku=make_stocked_sku(price_fen=10_000), quantity=3)

    shown = text(client.get(page("order_change", order.pk)))

    assert "50.00" in shown
    assert "¥250.00" in shown
    assert order.receiver_phone in shown
    assert client.post(page("order_change", order.pk), {}).status_code == 403


def test_chips_count_and_filter(client, keeper):
    waiting, paid = make_order(), make_order(paid=True)

    listed = text(client.get(page("order_changelist"), {"status__exact": "paid"}))

    assert paid.number in listed
    assert waiting.number not in listed
    assert 'aria-current="true"' in listed
    found = text(client.get(page("order_changelist"), {"q": waiting.number}))
    assert waiting.number in found
    assert paid.number not in found


def test_an_operator_ships_a_part_and_then_the_rest(client, keeper):
    wanted = (Wanted(make_stocked_sku().pk, 2), Wanted(make_stocked_sku().pk, 1))
    order = make_order(wanted=wanted, paid=True)
    first, second = order.lines.all()
    path = page("order_ship", order.pk)
    assert 'name="pieces_' in text(client.get(path))
    parcel = {"carrier": "sf", "tracking_no": "SF1", f"pieces_{first.pk}": 1}

    client.post(path, parcel | {f"pieces_{second.pk}": 1})
    assert Order.objects.get().status == "part_shipped"
    rest = client.post(path, {"carrier": "zto", "tracking_no": "Z2", f"pieces_{first.pk}": 1})

    assert rest.status_code == 302
    assert Order.objects.get().status == "shipped"
    assert set(Shipment.objects.values_list("actor", "tracking_no")) == {
        (keeper.pk, "SF1"),
        (keeper.pk, "Z2"),
    }


@pytest.mark.parametrize("pieces", ["3", "-1", "1.5", "１", "x", ""])
def test_wrong_pieces_are_said_and_nothing_leaves(client, keeper, pieces):
    order = make_order(quantity=2, paid=True)
    typed = {"carrier": "sf", "tracking_no": "SF1", f"pieces_{order.lines.get().pk}": pieces}

    assert client.post(page("order_ship", order.pk), typed).status_code == 200

    assert not Shipment.objects.exists()


def test_what_cannot_be_shipped_is_refused_in_words(client, keeper):
    order = make_order()

    answer = client.post(page("order_ship", order.pk), {"carrier": "sf", "tracking_no": "SF1"})

    assert answer.status_code == 200
    assert not Shipment.objects.exists()


def test_the_shop_closes_a_paid_order_with_a_reason(client, keeper):
    order = make_order(paid=True)

    client.post(page("order_close", order.pk), {"reason": "缺货"})

    order.refresh_from_db()
    assert (order.status, order.close_reason) == ("closed", "refunded")
    assert AuditEntry.objects.get(verb="orders.close").reason == "缺货"


def test_rights_of_shipping_closing_and_phones(client):
    operator(client, "view_order")
    order = make_order(paid=True)
    assert order.receiver_phone not in text(client.get(page("order_change", order.pk)))
    for deed, typed in (
        ("ship", {"carrier": "sf", "tracking_no": "SF1"}),
        ("close", {"reason": "x"}),
    ):
        assert client.post(page(f"order_{deed}", order.pk), typed).status_code == 403
    phone = {"q": order.receiver_phone}
    assert order.number not in text(client.get(page("order_changelist"), phone))
    masked = client.get(page("order_changelist"), {"receiver_phone__startswith": "1"})
    assert masked.status_code == 400

    assert Order.objects.get().status == "paid"


def test_a_scan_is_typed_in(client, keeper):
    order = make_order(paid=True)
    parcel = {"carrier": "sf", "tracking_no": "SF1"}
    client.post(page("order_ship", order.pk), parcel | {f"pieces_{order.lines.get().pk}": 1})
    shipment = Shipment.objects.get()

    scan = {"code": "signed", "place": "杭州", "at": "2026-11-23T10:00:00"}
    client.post(page("shipment_trace", shipment.pk), scan)

    shipment.refresh_from_db()
    assert shipment.traces.get().place == "杭州"
    assert shipment.signed_at is not None
    receive_order(number=order.number, at=NOON)


def test_a_refund_is_sent_again(client, keeper):
    order = make_order(paid=True)
    cancel_order(number=order.number, member_id=order.member_id, reason="", at=NOON)
    Refund.objects.update(status="failed", failure_code="refused")
    chosen = {"action": "send_again", "_selected_action": [Refund.objects.get().pk]}

    client.post(page("refund_changelist"), chosen)

    assert Refund.objects.get().status == "pending"
    assert AuditEntry.objects.filter(verb="orders.send_refund_again").exists()


def test_a_review_is_hidden_and_counts_no_more(client, keeper):
    order = make_received_order()
    line = order.lines.get()
    review = write_review(
        member_id=order.member_id,
        order_number=order.number,
        line_id=line.pk,
        rating=1,
        text="坏",
        at=NOON,
    )
    hiding = page("review_hide_one", review.pk)
    client.post(hiding, {"reason": ""})
    assert Review.objects.get().is_shown
    for _twice in range(2):
        client.post(hiding, {"reason": "辱骂客服"})
    line.product.refresh_from_db()
    assert (line.product.rating_sum, line.product.rating_count) == (0, 0)
    assert not Review.objects.get().is_shown
    assert Review.objects.get().hidden_reason == "辱骂客服"

    client.post(page("review_changelist"), {"action": "show", "_selected_action": [review.pk]})

    line.product.refresh_from_db()
    assert line.product.rating_count == 1


@pytest.mark.parametrize("model", ["payment", "paymentnotice", "refund", "shipment", "cart"])
def test_books_are_looked_at_and_never_edited(client, keeper, model):
    make_received_order()
    assert client.get(page(f"{model}_add")).status_code == 403
    row = {"payment": Payment, "shipment": Shipment}.get(model)
    if row:
        assert client.get(page(f"{model}_change", row.objects.get().pk)).status_code == 200
        assert client.post(page(f"{model}_change", row.objects.get().pk), {}).status_code == 403
