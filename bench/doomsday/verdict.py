"""What the run promised and what it found. Pure: no Django, no network.

Three witnesses who do not know one another: the client's journal (what was answered), the
providers' book (where the money is), the mall's own database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.doomsday.plan import Fault, by_kind

Record = Mapping[str, Any]
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the judge looks at."""

    journal: Sequence[Record]
    book: Sequence[Record]
    notices: Sequence[Record]
    ours: Record
    crowd: Record
    planned: Sequence[Fault]
    fired: Sequence[Fault]
    wanted_orders: int
    drain_seconds: int
    deadlocks: int


def violations(seen: Evidence) -> list[str]:
    """Every broken promise, in words; none: the run is good."""
    return [
        *_acked_orders(seen),
        *_acked_payments(seen),
        *_acked_cancels(seen),
        *_acked_cases(seen),
        *_strays(seen),
        *_fens(seen),
        *_notices(seen),
        *(f"law {code}: {', '.join(rows[:3])}" for code, rows in seen.ours["laws"].items()),
        *(f"answer {what}: {times} times" for what, times in seen.crowd["strange"].items()),
        *_run(seen),
    ]


def _acked_orders(seen: Evidence) -> list[str]:
    """Every order that was answered 201 is there, at the price that was told, once a key."""
    ours = {row["number"]: row for row in seen.ours["orders"]}
    numbers_by_key: dict[str, set[str]] = {}
    found = []
    for record in _answers(seen, "orders/"):
        facts = record["facts"]
        numbers_by_key.setdefault(record["key"], set()).add(facts["number"])
        row = ours.get(facts["number"])
        if row is None:
            found.append(f"order {facts['number']} was acked and is not there")
        elif row["payable_fen"] != facts["payable_fen"]:
            found.append(f"order {facts['number']} costs {row['payable_fen']} fen,"
                         f" {facts['payable_fen']} were told")  # fmt: skip
    for key, numbers in numbers_by_key.items():
        if len(numbers) > 1:
            found.append(f"key {key} was told several orders: {', '.join(sorted(numbers))}")
    return found


def _acked_payments(seen: Evidence) -> list[str]:
    ours = {row["payment_no"]: row for row in seen.ours["payments"]}
    found = []
    for record in seen.journal:
        if not _is_good(record) or not record["path"].endswith("/pay/"):
            continue
        facts, order = record["facts"], record["path"].split("/")[1]
        row = ours.get(facts["payment_no"])
        told = (order, facts["amount_fen"])
        if row is None or (row["order__number"], row["amount_fen"]) != told:
            found.append(f"payment {facts['payment_no']} was acked and is not there as told")
    return found


def _acked_cancels(seen: Evidence) -> list[str]:
    """A cancelled order is closed for good; late money does not bring it back."""
    ours = {row["number"]: row["status"] for row in seen.ours["orders"]}
    numbers = {
        record["path"].split("/")[1]
        for record in seen.journal
        if _is_good(record) and record["path"].endswith("/cancel/")
    }
    return [
        f"order {number} was cancelled and is {ours.get(number, 'gone')}"
        for number in sorted(numbers)
        if ours.get(number) != "closed"
    ]


def _acked_cases(seen: Evidence) -> list[str]:
    ours = {row["number"]: row["order__number"] for row in seen.ours["cases"]}
    return [
        f"case {record['facts']['number']} was acked and is not there"
        for record in seen.journal
        if _is_good(record)
        and record["path"].endswith("/after-sales/")
        and ours.get(record["facts"]["number"]) != record["path"].split("/")[1]
    ]


def _strays(seen: Evidence) -> list[str]:
    """Orders that nobody asked for, and asks that made two."""
    asked = {
        record["body"]["note"]
        for record in seen.journal
        if record["what"] == "intent" and record["path"] == "orders/"
    }
    made = Counter(row["key"] for row in seen.ours["orders"])
    return [
        *(f"nobody asked for the order of {key}" for key in made if key not in asked),
        *(f"{key} made {number} orders" for key, number in made.items() if number > 1),
    ]


def _fens(seen: Evidence) -> list[str]:
    """Payment by payment, refund by refund, channel by channel: their book is ours."""
    theirs_paid = {e["payment_no"]: e["amount_fen"] for e in seen.book if e["kind"] == "paid"}
    theirs_back = {e["number"]: e["amount_fen"] for e in seen.book if e["kind"] == "refund_done"}
    ours_paid = {
        row["payment_no"]: row["amount_fen"]
        for row in seen.ours["payments"]
        if row["status"] == "succeeded"
    }
    ours_back = {
        row["refund_no"]: row["amount_fen"]
        for row in seen.ours["refunds"]
        if row["status"] == "succeeded"
    }
    net: Counter[str] = Counter()
    for entry in seen.book:
        sign = {"paid": 1, "refund_done": -1}.get(entry["kind"], 0)
        net[entry["channel"]] += sign * entry["amount_fen"]
    return [
        *_differences("payment", theirs_paid, ours_paid),
        *_differences("refund", theirs_back, ours_back),
        *(
            f"{code} holds {net[code]} fen for us, our ledger says {held_fen}"
            for code, held_fen in seen.ours["balances"].items()
            if net[code] != held_fen
        ),
    ]


def _differences(what: str, theirs: Mapping[str, int], ours: Mapping[str, int]) -> list[str]:
    return [
        f"{what} {number}: {theirs.get(number)} fen at the provider, {ours.get(number)} here"
        for number in sorted(theirs.keys() | ours.keys())
        if theirs.get(number) != ours.get(number)
    ]


def _notices(seen: Evidence) -> list[str]:
    """No forged notice was taken."""
    return [
        f"a forged notice ({record['how']}) about {record['no']} was taken"
        for record in seen.notices
        if record["what"] == "forged" and record["taken"]
    ]


def _run(seen: Evidence) -> list[str]:
    """The run itself was what it claims to be."""
    found = []
    if len(seen.fired) < len(seen.planned):
        missing = Counter(map(str, seen.planned)) - Counter(map(str, seen.fired))
        found.append(f"faults that did not fire: {', '.join(sorted(missing.elements()))}")
    if seen.crowd["placed"] < seen.wanted_orders:
        found.append(f"orders placed: {seen.crowd['placed']} instead of {seen.wanted_orders}")
    left = {what: number for what, number in seen.ours["drained"]["left"].items() if number}
    if left:
        found.append(f"not drained in {seen.drain_seconds} s: {left}")
    unanswered = sum(r["what"] == "answer" and r["status"] in (0, 503) for r in seen.journal)
    if unanswered:
        found.append(f"requests that never got an answer: {unanswered}")
    if seen.deadlocks:
        found.append(f"deadlocks: {seen.deadlocks}")
    return found


def _answers(seen: Evidence, path: str) -> Iterable[Record]:
    return (r for r in seen.journal if r["what"] == "answer" and r["path"] == path and _is_good(r))


def _is_good(record: Record) -> bool:
    return record["what"] == "answer" and 200 <= record["status"] < 300


def report(seen: Evidence, broken: Sequence[str], timing: Record) -> dict[str, Any]:
    """The run as one JSON object."""
    kinds = Counter(record["what"] for record in seen.notices)
    return {
        **timing,
        "ok": not broken,
        "faults": {
            "planned": len(seen.planned),
            "fired": len(seen.fired),
            "by_kind": by_kind(list(seen.fired)),
        },
        "orders": {
            "placed": seen.crowd["placed"],
            "outcomes": seen.crowd["outcomes"],
            "by_status": dict(Counter(row["status"] for row in seen.ours["orders"])),
        },
        "notices": dict(kinds),
        "money": {
            "paid_fen": sum(e["amount_fen"] for e in seen.book if e["kind"] == "paid"),
            "refunded_fen": sum(e["amount_fen"] for e in seen.book if e["kind"] == "refund_done"),
            "refunds": sum(e["kind"] == "refund_done" for e in seen.book),
        },
        "journal": len(seen.journal),
        "laws_checked": seen.ours["checked"],
        "drained": seen.ours["drained"],
        "deadlocks": seen.deadlocks,
        "violations": list(broken),
    }


def page(told: Mapping[str, Any], title: str) -> str:
    """The report on one page."""
    money = told["money"]
    broken = told["violations"]
    lines = [
        f"{title} {'ok' if told['ok'] else 'BROKEN'}: seed {told['seed']},"
        f" {told['orders']['placed']} orders in {told['seconds']:.0f} s"
        f" ({told['orders_per_second']:.1f}/s),"
        f" faults {told['faults']['fired']}/{told['faults']['planned']},"
        f" drained in {told['drained']['seconds']:.0f} s, {told['restarts']} restarts",
        f"  orders   {_listed(told['orders']['by_status'])}",
        f"  errands  {_listed(told['orders']['outcomes'])}",
        f"  faults   {_listed(told['faults']['by_kind'])}",
        f"  notices  {_listed(told['notices'])}",
        f"  money    {money['paid_fen']} fen paid, {money['refunded_fen']} fen back in"
        f" {money['refunds']} refunds",
        f"  checked  {told['journal']} lines of the journal, {told['laws_checked']} laws",
        *(f"  BROKEN   {complaint}" for complaint in broken[:SHOWN]),
    ]
    if len(broken) > SHOWN:
        lines.append(f"  BROKEN   and {len(broken) - SHOWN} more: see the report")
    return "\n".join(lines)


def _listed(counted: Mapping[str, int]) -> str:
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number} x {name}" for name, number in ordered) or "-"
