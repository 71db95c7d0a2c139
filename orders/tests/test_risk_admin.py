"""The screens of risk and of the payments' alarm: read, judged, changed through their verbs (O-38,
O-39)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator
from orders.models import PaymentAlarm, PaymentPolicy, RiskBlock, RiskDecision, RiskPolicy
from orders.testing import NOON, make_order, make_stocked_sku

pytestmark = pytest.mark.django_db
BACKEND = "members.backends.AccountBackend"


@pytest.fixture
def desk(client):
    """A browser of somebody who may do everything, in English."""
    client.force_login(make_operator(username="keeper"), backend=BACKEND)
    client.cookies["django_language"] = "en"
    return client


def made(**values):
    """A judged payment."""
    order = values.pop("order", None) or make_order()
    reasons = [{"code": "many_pieces", "score": 60, "count": 50}]
    columns = {"verdict": "review", "score": 60, "device": "d" * 64, "at": NOON}
    return RiskDecision.objects.create(
        order=order, member=order.member, reasons=reasons, **{**columns, **values}
    )


def page(client, model, **query):
    answer = client.get(reverse(f"admin:orders_{model}_changelist"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def change(client, model):
    return reverse(f"admin:orders_{model}_change", args=[1])


def test_O_39_the_risk_list_says_why_and_is_found_by_the_order(desk):
    decision, other = made(), made()

    html = page(desk, "riskdecision", q=decision.order.number)

    assert decision.order.number in html
    assert other.order.number not in html
    assert "50" in html.partition("field-why")[2].partition("</td>")[0]
    read = desk.get(reverse("admin:orders_riskdecision_change", args=[decision.pk]))
    assert read.status_code == 200


def test_the_risk_list_asks_the_same_for_two_rows_and_for_twenty(desk):
    sku = make_stocked_sku(on_hand=60)
    for _n in range(2):
        made(order=make_order(sku=sku))
    page(desk, "riskdecision")
    with count_queries() as few:
        page(desk, "riskdecision")
    for _n in range(18):
        made(order=make_order(sku=sku))

    with count_queries(at_most=len(few)):
        page(desk, "riskdecision")


def test_devices_and_members_of_the_list_go_onto_the_blacklist_with_the_reason(desk):
    decision, blank = made(), made(device="")
    address = reverse("admin:orders_riskdecision_changelist")
    chosen = {"_selected_action": [decision.pk, blank.pk]}

    desk.post(address, {"action": "block_devices", **chosen})
    desk.post(address, {"action": "block_members", "_selected_action": [decision.pk]})

    rows = RiskBlock.objects.order_by("kind").values_list("kind", "key")
    assert list(rows) == [("device", "d" * 64), ("member", str(decision.member_id))]
    assert all("50" in entry.reason for entry in RiskBlock.objects.all())


def test_who_may_only_read_the_list_blocks_nobody(client):
    reader = make_operator(username="reader", is_superuser=False)
    reader.user_permissions.add(Permission.objects.get(codename="view_riskdecision"))
    client.force_login(reader, backend=BACKEND)
    decision = made()

    client.post(
        reverse("admin:orders_riskdecision_changelist"),
        {"action": "block_members", "_selected_action": [decision.pk]},
    )

    assert page(client, "riskdecision")
    assert not RiskBlock.objects.exists()
    assert client.get(reverse("admin:orders_riskblock_changelist")).status_code == 403
    assert client.get(change(client, "riskpolicy")).status_code == 403


def test_an_entry_of_the_blacklist_is_made_and_taken_off_with_a_trail(desk):
    typed = {"kind": "phone", "key": "13912345678", "scope": "all", "reason": "fraud"}
    typed |= {"until_0": "", "until_1": ""}

    made_at = desk.post(reverse("admin:orders_riskblock_add"), typed)
    entry = RiskBlock.objects.get()
    html = page(desk, "riskblock")
    gone = desk.post(reverse("admin:orders_riskblock_delete", args=[entry.pk]), {"post": "yes"})

    assert (made_at.status_code, gone.status_code) == (302, 302)
    assert "139****5678" in html
    assert not RiskBlock.objects.exists()
    verbs = AuditEntry.objects.filter(verb__contains="block").values_list("verb", flat=True)
    assert len(verbs) == 2


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [("riskpolicy", "many_pieces", 80), ("paymentpolicy", "least_attempts", 9)],
)
def test_a_policy_is_changed_through_its_verb(desk, model, name, value):
    row = {"riskpolicy": RiskPolicy, "paymentpolicy": PaymentPolicy}[model].objects.get(pk=1)
    form = desk.get(change(desk, model)).context["adminform"].form
    typed = {field: form[field].value() for field in form.fields} | {name: value}
    typed = {field: shown for field, shown in typed.items() if shown is not False}
    before = AuditEntry.objects.count()

    answer = desk.post(change(desk, model), typed)

    row.refresh_from_db()
    assert (answer.status_code, getattr(row, name)) == (302, value)
    assert AuditEntry.objects.count() == before + 1
    assert desk.get(reverse(f"admin:orders_{model}_add")).status_code == 403


def test_O_38_alarms_are_listed_newest_first_and_only_read(desk):
    for hours, paid in ((2, 1), (1, 3)):
        PaymentAlarm.objects.create(
            provider="sandbox",
            hour=NOON - timedelta(hours=hours),
            paid=paid,
            attempts=9,
            raised_at=NOON,
        )

    answer = desk.get(reverse("admin:orders_paymentalarm_changelist"))

    assert [row.paid for row in answer.context["cl"].result_list] == [3, 1]
    assert desk.get(reverse("admin:orders_paymentalarm_add")).status_code == 403
