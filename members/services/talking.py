"""A talk between a shopper and the shop: opened about something, answered, closed. Source: X-61."""

from datetime import datetime, timedelta

from django.db import transaction

from mall.kernel import audit
from mall.kernel.errors import NotFound, TooMany
from mall.kernel.notify import notify
from members.errors import TicketClosed
from members.messages import TICKET_ANSWERED
from members.models import Account, Member, Ticket, TicketMessage

MOST_OPEN = 20
MOST_A_MINUTE = 10
SILENT_FOR = timedelta(days=7)
"""How long an answer of the shop waits for the shopper; as long as an order's after-sales window
(design.md 8), so a talk does not end while its order may still need it."""
State = Ticket.State


@transaction.atomic
def open_ticket(
    *, member: Member, kind: str, subject: str, title: str, text: str, at: datetime
) -> Ticket:
    """Begin to talk about something, or go on in the talk about it that is not closed.

    Locks: the open talk. Raises: TooMany.
    """
    open_rows = Ticket.objects.filter(member=member).exclude(state=State.CLOSED)
    is_new = not open_rows.filter(kind=kind, subject=subject).exists()
    if is_new and open_rows.filter(state=State.OPEN).count() >= MOST_OPEN:
        raise TooMany(retry_after_seconds=3600)
    ticket, _is_new = open_rows.get_or_create(
        member=member,
        kind=kind,
        subject=subject,
        defaults={"title": title[:120], "opened_at": at, "spoken_at": at},
    )
    say_as_member(member=member, number=ticket.number, text=text, at=at)
    ticket.refresh_from_db()
    return ticket


@transaction.atomic
def say_as_member(*, member: Member, number: str, text: str, at: datetime) -> TicketMessage:
    """Say something in one's own talk. Locks: it. Raises: NotFound, TicketClosed, TooMany."""
    ticket = Ticket.objects.filter(member=member, number=number).locked().first()
    if ticket is None:
        raise NotFound
    if ticket.state == State.CLOSED:
        raise TicketClosed
    lately = ticket.messages.filter(is_staff=False, at__gt=at - timedelta(minutes=1)).count()
    if lately >= MOST_A_MINUTE:
        raise TooMany(retry_after_seconds=60)
    ticket.state, ticket.spoken_at = State.OPEN, at
    ticket.save(update_fields=["state", "spoken_at"])
    return TicketMessage.objects.create(ticket=ticket, author=member.account, text=text, at=at)


@transaction.atomic
def say_as_shop(*, ticket: Ticket, text: str, actor: Account, at: datetime) -> TicketMessage:
    """Answer for the shop; who answers first has the talk, and its enquiry counts for them.

    Locks: the talk. The shopper is told. Raises: TicketClosed.
    """
    row = Ticket.objects.locked().get(pk=ticket.pk)
    if row.state == State.CLOSED:
        raise TicketClosed
    if row.agent_id is None:
        row.agent, row.answered_at = actor, at
    row.state, row.spoken_at = State.ANSWERED, at
    row.save(update_fields=["agent", "answered_at", "state", "spoken_at"])
    said = TicketMessage.objects.create(ticket=row, author=actor, is_staff=True, text=text, at=at)
    notify(
        [Member.objects.values_list("account_id", flat=True).get(pk=row.member_id)],
        TICKET_ANSWERED,
        {"title": row.title},
        at=at,
        route=("storefront:ticket", (row.number,)),
        source=f"ticket:{said.pk}",
    )
    return said


@transaction.atomic
def close_ticket(*, ticket: Ticket, actor: Account, at: datetime) -> None:
    """End a talk. Locks: it. Doing it twice changes nothing."""
    open_rows = Ticket.objects.filter(pk=ticket.pk).exclude(state=State.CLOSED)
    if open_rows.update(state=State.CLOSED, closed_at=at):
        _trail_end(ticket, "members.close_ticket", actor, at)


@transaction.atomic
def close_silent_tickets(*, at: datetime, limit: int = 500) -> int:
    """End the talks that the shop answered and the shopper left so for a week; how many.

    Who speaks at this moment keeps the talk open: it ends only where it is still silent. Locks:
    those talks, pk order; one that somebody holds is left to the next run. Queries: 2, 1 a talk.
    """
    silent = Ticket.objects.filter(state=State.ANSWERED, spoken_at__lte=at - SILENT_FOR)
    rows = list(silent.order_by("pk").select_for_update(skip_locked=True, no_key=True)[:limit])
    Ticket.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.CLOSED, closed_at=at)
    for row in rows:
        _trail_end(row, "members.close_silent_ticket", None, at)
    return len(rows)


def _trail_end(ticket: Ticket, verb: str, actor: Account | None, at: datetime) -> None:
    """Who ended it; ``ticket`` still has the state of before."""
    before, after = {"state": ticket.state}, {"state": State.CLOSED}
    audit.record(actor=actor, verb=verb, target=ticket, at=at, before=before, after=after)
