"""The kernel's tables: to look at, never to touch; a dead event can be tried again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mall.console.testing import client_of, make_clerk
from mall.kernel import audit, clock, ledger
from mall.kernel.audit.models import AuditEntry
from mall.kernel.ledger.models import LedgerTransaction
from mall.kernel.monitor.models import TaskRun
from mall.kernel.notify.models import Message
from mall.kernel.outbox.models import OutboxEvent
from members.testing import make_account, make_operator

pytestmark = pytest.mark.django_db

OUTBOX = "admin:kernel_outboxevent_changelist"


@pytest.fixture
def superuser():
    return client_of(make_operator())


def make_event(**values) -> OutboxEvent:
    now = clock.now()
    defaults = {"name": "orders.order_paid", "payload": {"n": 1}, "at": now, "next_at": now}
    return OutboxEvent.objects.create(**{**defaults, **values})


def try_again(client, *events):
    pks = [str(event.pk) for event in events]
    return client.post(
        reverse(OUTBOX), {"action": "try_again", "_selected_action": pks}, follow=True
    )


def test_an_audit_entry_shows_each_change_beside_what_was_before(superuser):
    operator = make_operator(username="wang")
    audit.record(
        actor=operator, verb="catalog.publish", target=operator, at=clock.now(),
        before={"status": "draft"}, after={"status": "on_sale", "text": "<script>"},
    )  # fmt: skip
    entry = AuditEntry.objects.get()

    text = superuser.get(
        reverse("admin:kernel_auditentry_change", args=[entry.pk])
    ).content.decode()

    assert "<b>status</b> draft → on_sale" in text
    assert "<b>text</b> — → &lt;script&gt;" in text
    assert "wang" in text


@pytest.mark.parametrize(
    ("query", "found"), [("area=members", 1), ("area=orders", 0), ("q=publish", 1), ("q=ship", 0)]
)
def test_the_trail_is_searched_and_filtered(superuser, query, found):
    operator = make_operator()
    audit.record(actor=operator, verb="catalog.publish", target=operator, at=clock.now())

    answer = superuser.get(f"{reverse('admin:kernel_auditentry_changelist')}?{query}")

    assert answer.context["cl"].result_count == found


@pytest.mark.parametrize(
    "model", ["auditentry", "taskrun", "outboxevent", "message", "ledgertransaction"]
)
def test_nobody_adds_changes_or_deletes_rows_of_the_kernel(superuser, model):
    name = f"admin:kernel_{model}"
    rows = {
        "auditentry": lambda: AuditEntry.objects.create(at=clock.now(), verb="x", target_type="y"),
        "taskrun": lambda: TaskRun.objects.create(task_id="1", name="x", started_at=clock.now()),
        "outboxevent": make_event,
        "message": lambda: Message.objects.create(
            account=make_account(), channel="inbox", template="gone.away", at=clock.now()
        ),
        "ledgertransaction": make_posting,
    }
    row = rows[model]()

    assert superuser.get(reverse(f"{name}_add")).status_code == 403
    assert superuser.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
    assert (
        superuser.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    )
    assert superuser.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    assert "delete_selected" not in superuser.get(reverse(f"{name}_changelist")).content.decode()


def make_posting() -> LedgerTransaction:
    ledger.post(
        kind="payment", reference="P1", amounts_fen={"sales": -12_345, "provider:sandbox": 12_345},
        at=clock.now(),
    )  # fmt: skip
    return LedgerTransaction.objects.get()


def test_a_ledger_transaction_shows_its_entries(superuser):
    row = make_posting()

    listed = superuser.get(reverse("admin:kernel_ledgertransaction_changelist")).content.decode()
    shown = superuser.get(
        reverse("admin:kernel_ledgertransaction_change", args=[row.pk])
    ).content.decode()

    assert "at the provider Sandbox cashier 123.45, sales −123.45" in listed
    assert "at the provider Sandbox cashier" in shown
    assert "−123.45" in shown


def test_a_dead_event_is_tried_again_by_who_may():
    dead, waiting = make_event(dead_at=clock.now(), attempts=5), make_event(attempts=2)
    clerk = make_clerk("admin")

    answer = try_again(client_of(clerk), dead, waiting)

    dead.refresh_from_db()
    waiting.refresh_from_db()
    assert (dead.dead_at, dead.attempts, waiting.attempts) == (None, 0, 2)
    assert AuditEntry.objects.get(verb="kernel.retry_event").actor_id == clerk.pk
    assert "1 event is due again." in answer.content.decode()


def test_who_may_only_look_has_no_such_action():
    dead = make_event(dead_at=clock.now(), attempts=5)
    viewer = make_operator(is_superuser=False)
    viewer.user_permissions.add(permission("view_outboxevent"))

    try_again(client_of(viewer), dead)

    dead.refresh_from_db()
    assert dead.dead_at is not None


def permission(codename):
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename=codename)


@pytest.mark.parametrize(("state", "count"), [("waiting", 1), ("dead", 2), ("done", 1)])
def test_events_are_filtered_by_what_became_of_them(superuser, state, count):
    now = clock.now()
    make_event()
    make_event(dead_at=now)
    make_event(dead_at=now - timedelta(days=1))
    make_event(done_at=now)

    answer = superuser.get(f"{reverse(OUTBOX)}?delivery={state}")

    assert answer.context["cl"].result_count == count


def test_a_message_of_an_older_release_is_shown_by_its_template(superuser):
    message = Message.objects.create(
        account=make_account(phone="13900001234"),
        channel="sms",
        template="gone.away",
        at=clock.now(),
    )

    text = superuser.get(reverse("admin:kernel_message_change", args=[message.pk])).content.decode()

    assert "gone.away" in text
    assert "139****1234" in text
    assert "13900001234" not in text


@pytest.mark.parametrize("name", ["idempotencyrecord", "processedevent", "ledgerentry"])
def test_inner_tables_have_no_screen(superuser, name):
    assert superuser.get(f"/admin/kernel/{name}/").status_code == 404
