"""Infringement complaints: taken in, accepted, countered, closed; the goods follow. Source: C-63.

received -> taken_down -> countered -> closed, or received -> closed. While a case is taken down or
countered its product stays off sale: no publishing gets past it.
"""

import dataclasses
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from django.db import transaction
from django.db.models import Count, Q

from catalog.errors import ComplaintMoveRefused, ComplaintPapersMissing
from catalog.models import Complaint, ComplaintEntry, ComplaintPaper, Product
from catalog.services.publishing import take_off_sale
from catalog.services.qualifying import document_of
from mall.kernel import audit, clock
from mall.kernel.errors import NotFound, TooMany
from mall.kernel.notify import notify, operators_with

State, Outcome, Kind = Complaint.State, Complaint.Outcome, ComplaintPaper.Kind
MOVES: Mapping[str, frozenset[str]] = {
    State.RECEIVED: frozenset({State.TAKEN_DOWN, State.CLOSED}),
    State.TAKEN_DOWN: frozenset({State.COUNTERED, State.CLOSED}),
    State.COUNTERED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}
OUTCOMES: Mapping[str, frozenset[str]] = {
    State.RECEIVED: frozenset({Outcome.REJECTED, Outcome.WITHDRAWN}),
    State.TAKEN_DOWN: frozenset({Outcome.UPHELD, Outcome.WITHDRAWN}),
    State.COUNTERED: frozenset({Outcome.UPHELD, Outcome.RESTORED, Outcome.WITHDRAWN}),
}
"""How a case may end from where it stands."""
MOST_PAPERS = 6
A_DAY = timedelta(days=1)
MOST_A_DAY = {"person": 5, "product": 10, "all": 200}
TOLD = "catalog.decide_complaint"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the complainant says."""

    right: str
    right_number: str
    holder: str
    contact: str
    phone: str
    email: str
    text: str


Files = Mapping[str, Sequence[IO[bytes]]]


@transaction.atomic
def file_complaint(
    *, product_id: int, claim: Claim, files: Files, at: datetime, account: Any = None
) -> Complaint:
    """Take in a complaint with proof of the right and evidence; operators are told.

    Goods on sale stay there until somebody has looked. ``files`` are uploads by kind. Locks: none.
    Raises: ComplaintPapersMissing, DocumentRefused, TooMany, NotFound; nothing is kept then.
    """
    _check_calm(product_id, claim, at)
    sent = [(kind, file) for kind, rows in files.items() for file in rows]
    if {kind for kind, _file in sent} != {Kind.RIGHTS, Kind.EVIDENCE} or len(sent) > MOST_PAPERS:
        raise ComplaintPapersMissing(most=MOST_PAPERS)
    papers = [(kind, document_of(file)) for kind, file in sent]
    product = Product.objects.on_shelf(at).filter(pk=product_id).first()
    if product is None:
        raise NotFound
    complaint = Complaint.objects.create(
        number=f"C{clock.day_of(at):%y%m%d}{secrets.randbelow(10**8):08d}",
        product=product,
        account=account,
        received_at=at,
        **dataclasses.asdict(claim),
    )
    _keep(complaint, papers, at)
    _log(complaint, claim.text, at, account)
    _tell(complaint, "catalog.complaint_received", at)
    return complaint


@transaction.atomic
def accept_complaint(*, complaint: Complaint, note: str, at: datetime, actor: Any) -> Complaint:
    """The complaint has merit: the product goes off sale, with this case as the reason.

    Locks: the case, then the product. Raises: ComplaintMoveRefused. Emits: ProductTakenOff.
    """
    complaint = _moved(complaint, State.TAKEN_DOWN, note, at, actor)
    take_off_sale(product=complaint.product, at=at, actor=actor)
    _tell(complaint, "catalog.complaint_taken_down", at)
    return complaint


@transaction.atomic
def counter_complaint(
    *,
    complaint: Complaint,
    note: str,
    files: Iterable[IO[bytes]] = (),
    at: datetime,
    actor: Any,
) -> Complaint:
    """Keep what the seller answers; the product stays off sale until the case is closed.

    Locks: the case. Raises: ComplaintMoveRefused, DocumentRefused.
    """
    papers = [(Kind.COUNTER, document_of(file)) for file in files]
    complaint = _moved(complaint, State.COUNTERED, note, at, actor)
    _keep(complaint, papers, at)
    return complaint


@transaction.atomic
def close_complaint(
    *, complaint: Complaint, outcome: str, note: str, at: datetime, actor: Any
) -> Complaint:
    """End a case. The product comes back only when somebody publishes it again, which an open case
    refuses. Locks: the case. Raises: ComplaintMoveRefused."""
    complaint = Complaint.objects.locked().get(pk=complaint.pk)
    if outcome not in OUTCOMES.get(complaint.state, ()):
        raise ComplaintMoveRefused(number=complaint.number, state=complaint.get_state_display())
    complaint.outcome, complaint.closed_at = outcome, at
    return _moved(complaint, State.CLOSED, note, at, actor)


def _check_calm(product_id: int, claim: Claim, at: datetime) -> None:
    """The form is open to everybody: a day takes so many of one person, of one product, in all."""
    recent = Complaint.objects.filter(received_at__gt=at - A_DAY)
    counts = recent.aggregate(
        person=Count("pk", Q(email=claim.email)),
        product=Count("pk", Q(product=product_id)),
        all=Count("pk"),
    )
    if any(counts[name] >= most for name, most in MOST_A_DAY.items()):
        raise TooMany(retry_after_seconds=int(A_DAY.total_seconds()))


def _moved(complaint: Complaint, to: str, note: str, at: datetime, actor: Any) -> Complaint:
    stored = Complaint.objects.locked().select_related("product").get(pk=complaint.pk)
    if to not in MOVES[stored.state]:
        raise ComplaintMoveRefused(number=stored.number, state=stored.get_state_display())
    before = {"state": stored.state}
    stored.state = to
    stored.outcome, stored.closed_at = complaint.outcome, complaint.closed_at
    stored.save(update_fields=["state", "outcome", "closed_at"])
    audit.record(
        actor=actor,
        verb=f"catalog.complaint_{to}",
        target=stored,
        at=at,
        before=before,
        after={"state": to, "outcome": stored.outcome},
    )
    _log(stored, note, at, actor)
    return stored


def _keep(complaint: Complaint, papers: Iterable[tuple[str, Any]], at: datetime) -> None:
    ComplaintPaper.objects.bulk_create(
        [
            ComplaintPaper(
                complaint=complaint, kind=kind, name=file.name, content=file.read(), added_at=at
            )
            for kind, file in papers
        ]
    )


def _log(complaint: Complaint, note: str, at: datetime, actor: Any) -> None:
    ComplaintEntry.objects.create(
        complaint=complaint, state=complaint.state, note=note, actor=actor, at=at
    )


def _tell(complaint: Complaint, template: str, at: datetime) -> None:
    notify(
        operators_with(TOLD),
        template,
        {"number": complaint.number, "product": complaint.product.title_zh},
        route=("admin:catalog_complaint_change", (complaint.pk,)),
        source=f"complaint:{complaint.pk}:{complaint.state}",
        at=at,
    )
