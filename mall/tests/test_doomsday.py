"""The doomsday run: its parts on paper, its proxy on the loopback, a judge that can say no."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest

from bench.doomsday.doors import Answer, read_answer
from bench.doomsday.errand import Fate, errand
from bench.doomsday.journal import Journal, read
from bench.doomsday.plan import CONTROL, FULL, SHORT, Fault, Kind, schedule
from bench.doomsday.proxy import DELAY_SECONDS, HOST, listening
from bench.doomsday.verdict import Evidence, page, report, violations
from mall.kernel.failpoints import POINTS

WORLD = {"campaign_id": 7, "skus": list(range(100, 112)), "hot": [1, 2], "scarce": [3]}


# --- the plan -------------------------------------------------------------------------------------


def test_the_full_run_is_10_000_orders_under_60_or_more_faults_and_the_short_one_500_under_12():
    assert (FULL.orders, FULL.drain_seconds) == (10_000, 120)
    assert len(FULL.faults) >= 60
    assert {fault.kind for fault in FULL.faults} == set(Kind)
    assert (SHORT.orders, len(SHORT.faults)) == (500, 12)
    assert CONTROL.faults == ()


def test_every_place_where_a_process_can_die_is_in_the_full_run():
    armed = {fault.target for fault in FULL.faults if fault.kind == Kind.FAILPOINT}

    assert armed == set(POINTS)


def test_a_seed_is_one_schedule_spread_over_the_run_and_its_end_is_calm():
    faults = schedule(FULL, 42)

    assert faults == schedule(FULL, 42)
    assert faults != schedule(FULL, 43)
    assert Counter(map(str, faults)) == Counter(map(str, FULL.faults))
    afters = [fault.after for fault in faults]
    assert afters == sorted(afters)
    assert (afters[0] >= 300, afters[-1] <= 8_000) == (True, True)


def test_a_seed_is_one_set_of_errands_with_every_fate_among_them():
    first = [errand(5, n, 8, WORLD) for n in range(400)]

    assert first == [errand(5, n, 8, WORLD) for n in range(400)]
    assert {task.fate for task in first} == set(Fate)
    assert {task.provider for task in first} == {"wechatpay", "alipay"}
    assert len({task.key for task in first}) == 400
    left = [task for task in first if task.fate == Fate.LEFT]
    assert all("offer" in task.body["lines"][0] for task in left), "only these run out in time"


# --- the proxy ------------------------------------------------------------------------------------


async def echo(reader, writer):
    with suppress(ConnectionError):
        while data := await reader.read(100):
            writer.write(data)
        writer.write(b"bye")
    writer.close()


class Caller:
    """Somebody at one end of a connection to a port."""

    async def reach(self, port):
        self.reader, self.writer = await asyncio.open_connection(HOST, port)
        return self

    async def hears(self, word):
        """What comes back for ``word``, and after how long."""
        self.writer.write(word)
        began = asyncio.get_running_loop().time()
        heard = await asyncio.wait_for(self.reader.readexactly(len(word)), 2)
        return heard, asyncio.get_running_loop().time() - began

    async def order(self, toxic, seconds):
        text = f'{{"line": "echo", "toxic": "{toxic}", "seconds": {seconds}}}\n'
        self.writer.write(text.encode())
        await asyncio.sleep(0.05)

    async def rest(self):
        """Everything until the other side is done."""
        return await asyncio.wait_for(self.reader.read(), 2)


def on_a_line(scene):
    """Play ``scene(caller, master, ports)``: a caller of a server that repeats what it hears, the
    proxy between them, and who gives the proxy its orders."""

    async def play():
        server = await asyncio.start_server(echo, HOST, 0)
        async with server, listening({"echo": server.sockets[0].getsockname()[1]}) as ports:
            caller = await Caller().reach(ports["echo"])
            master = await Caller().reach(ports["orders"])
            try:
                return await scene(caller, master, ports)
            finally:
                for one in (caller, master):
                    one.writer.close()
                await asyncio.sleep(0.01)

    return asyncio.run(play())


def test_a_well_line_carries_both_ways_and_passes_the_end_on():
    async def scene(caller, _master, _ports):
        heard, _seconds = await caller.hears(b"hello")
        caller.writer.write_eof()
        return heard, await caller.rest()

    assert on_a_line(scene) == (b"hello", b"bye")


def test_latency_delays_and_is_over_when_the_order_is_answered():
    async def scene(caller, master, _ports):
        await master.order(Kind.LATENCY, 0.6)
        _heard, slow = await caller.hears(b"slow")
        await master.reader.readline()
        _heard, quick = await caller.hears(b"quick")
        return slow >= 2 * DELAY_SECONDS, quick < DELAY_SECONDS

    assert on_a_line(scene) == (True, True)


def test_a_black_hole_keeps_everything_and_gives_it_out_afterwards():
    async def scene(caller, master, _ports):
        await master.order(Kind.BLACKHOLE, 0.5)
        heard, seconds = await caller.hears(b"kept")
        return heard, seconds >= 0.3

    assert on_a_line(scene) == (b"kept", True)


def test_a_reset_cuts_what_is_open_and_refuses_what_comes_until_it_is_over():
    async def scene(caller, master, ports):
        await caller.hears(b"before")
        await master.order(Kind.RESET, 0.3)
        for cut in (caller, await Caller().reach(ports["echo"])):
            with pytest.raises(ConnectionError):
                await cut.hears(b"cut")
        touched = await master.reader.readline()
        again = await Caller().reach(ports["echo"])
        heard, _seconds = await again.hears(b"after")
        again.writer.close()
        return touched, heard

    assert on_a_line(scene) == (b'{"touched": 2}\n', b"after")


def test_a_half_closed_line_lets_the_server_speak_its_last_words():
    async def scene(caller, master, _ports):
        await caller.hears(b"before")
        await master.order(Kind.HALF_CLOSE, 0)
        return await caller.rest()

    assert on_a_line(scene) == b"bye"


def test_a_line_to_a_server_that_is_away_is_reset():
    async def scene():
        async with listening({"away": 1}) as ports:
            caller = await Caller().reach(ports["away"])
            await caller.hears(b"anybody?")

    with pytest.raises(ConnectionError):
        asyncio.run(scene())


# --- the doors ------------------------------------------------------------------------------------

HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 14"


def test_a_whole_answer_is_read_and_one_that_was_cut_is_none():
    assert read_answer(HEAD, b'{"number":"A"}') == Answer(201, {"number": "A"})
    for cut in (b"", b'{"number"'):
        with pytest.raises(ValueError, match="cut short"):
            read_answer(HEAD, cut)
    with pytest.raises(IndexError):
        read_answer(b"", b"")


# --- the journal ----------------------------------------------------------------------------------


def test_what_was_written_together_is_read_in_order_and_a_torn_line_is_none(tmp_path):
    path = tmp_path / "journal.jsonl"

    async def run():
        journal = Journal(path)
        await asyncio.gather(*(journal.write({"n": n}) for n in range(50)))

    asyncio.run(run())
    with path.open("a") as torn:
        torn.write('{"n": 5')

    assert [record["n"] for record in read(path)] == list(range(50))
    assert list(read(tmp_path / "nothing.jsonl")) == []


# --- the judge ------------------------------------------------------------------------------------


def answer(path, facts, **more):
    return {"what": "answer", "path": path, "status": 201, "code": "", "facts": facts, **more}


ORDER = {
    "number": "A1",
    "key": "doom-1",
    "buyer": "13900000000",
    "status": "closed",
    "payable_fen": 500,
    "close_reason": "refunded",
}
PAYMENT = {
    "payment_no": "P1",
    "provider": "alipay",
    "status": "succeeded",
    "amount_fen": 500,
    "is_surplus": False,
    "order__number": "A1",
}
REFUND = {"refund_no": "R1", "status": "succeeded", "amount_fen": 500, "payment__payment_no": "P1"}
FAULT = Fault(Kind.KILL_WEB)
ENTRY = {"channel": "alipay", "payment_no": "P1", "amount_fen": 500}
GOOD = Evidence(
    journal=[
        {"what": "intent", "path": "orders/", "key": "doom-1-0", "body": {"note": "doom-1"}},
        answer("orders/", {"number": "A1", "payable_fen": 500}, key="doom-1-0"),
        answer("orders/A1/pay/", {"payment_no": "P1", "amount_fen": 500}, key="pay-doom-1"),
        answer("orders/A1/after-sales/", {"number": "S1"}, key="case-doom-1"),
        answer("orders/A1/cancel/", {"number": "A1"}, key=""),
    ],
    book=[
        {**ENTRY, "kind": "opened", "number": "P1"},
        {**ENTRY, "kind": "paid", "number": "P1"},
        {**ENTRY, "kind": "refund_done", "number": "R1"},
    ],
    notices=[{"what": "forged", "how": "tampered", "no": "P1", "taken": False}],
    ours={
        "orders": [ORDER],
        "payments": [PAYMENT],
        "refunds": [REFUND],
        "cases": [{"number": "S1", "order__number": "A1", "state": "done"}],
        "balances": {"wechatpay": 0, "alipay": 0},
        "laws": {},
        "checked": 60,
        "drained": {"seconds": 1.0, "left": {"events": 0}},
    },
    crowd={"placed": 1, "outcomes": {"paid": 1}, "strange": {}},
    planned=[FAULT],
    fired=[FAULT],
    wanted_orders=1,
    drain_seconds=120,
    deadlocks=0,
)
TIMING = {"seed": 7, "seconds": 2.0, "orders_per_second": 0.5, "restarts": 1}


def test_a_good_run_breaks_nothing_and_is_told_on_one_page():
    told = report(GOOD, violations(GOOD), TIMING)

    assert told["violations"] == []
    assert page(told, "doomsday").splitlines()[0] == (
        "doomsday ok: seed 7, 1 orders in 2 s (0.5/s), faults 1/1, drained in 1 s, 1 restarts"
    )


def ours(**changed):
    return replace(GOOD, ours={**GOOD.ours, **changed})


BROKEN = {
    "order A1 was acked and is not there": ours(orders=[]),
    "order A1 costs 501 fen, 500 were told": ours(orders=[{**ORDER, "payable_fen": 501}]),
    "payment P1 was acked and is not there as told": ours(payments=[]),
    "case S1 was acked and is not there": ours(cases=[]),
    "order A1 was cancelled and is paid": ours(orders=[{**ORDER, "status": "paid"}]),
    "nobody asked for the order of ghost": ours(orders=[ORDER, {**ORDER, "key": "ghost"}]),
    "doom-1 made 2 orders": ours(orders=[ORDER, {**ORDER, "number": "A2"}]),
    "payment P1: 500 fen at the provider, None here": ours(
        payments=[{**PAYMENT, "status": "pending"}]
    ),
    "refund R1: 500 fen at the provider, None here": ours(
        refunds=[{**REFUND, "status": "pending"}]
    ),
    "refund R2: None fen at the provider, 500 here": ours(
        refunds=[REFUND, {**REFUND, "refund_no": "R2"}]
    ),
    "alipay holds 0 fen for us, our ledger says 500": ours(balances={"alipay": 500}),
    "law INV-01: stock 1": ours(laws={"INV-01": ["stock 1"]}),
    "not drained in 120 s: {'refunds': 2}": ours(
        drained={"seconds": 121.0, "left": {"refunds": 2, "events": 0}}
    ),
    "key k was told several orders: A1, A2": replace(
        GOOD,
        journal=[
            *GOOD.journal,
            answer("orders/", {"number": "A1", "payable_fen": 500}, key="k"),
            answer("orders/", {"number": "A2", "payable_fen": 500}, key="k"),
        ],
    ),
    "a forged notice (tampered) about P1 was taken": replace(
        GOOD, notices=[{**GOOD.notices[0], "taken": True}]
    ),
    "answer 500 kernel.crashed of orders/: 3 times": replace(
        GOOD, crowd={**GOOD.crowd, "strange": {"500 kernel.crashed of orders/": 3}}
    ),
    "orders placed: 1 instead of 2": replace(GOOD, wanted_orders=2),
    "faults that did not fire: kill_web": replace(GOOD, fired=[]),
    "requests that never got an answer: 1": replace(
        GOOD, journal=[*GOOD.journal, {**answer("orders/", {}, key="x"), "status": 0}]
    ),
    "deadlocks: 1": replace(GOOD, deadlocks=1),
}


@pytest.mark.parametrize("complaint", BROKEN)
def test_every_broken_promise_is_named(complaint):
    assert complaint in violations(BROKEN[complaint])
