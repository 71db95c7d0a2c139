"""After-sales: asked, granted, sent back, looked at, paid back or exchanged; and the refunds."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from mall.kernel import clock
from orders.models import AfterSale
from orders.models import Refund as RealRefund
from orders.providers import ProviderUnavailable, RefundWord, Repayment, TradeState
from orders.providers.sandbox import book
from orders.services import (
    Request,
    Wish,
    approve_after_sale,
    cancel_after_sale,
    expire_after_sales,
    inspect_return,
    refund_after_sale,
    refuse_after_sale,
    request_after_sale,
    resend_after_sale,
    retry_refunds,
    send_again,
    send_back,
)
from orders.tests.machine.deeds import (
    between,
    deed,
    is_unfit,
    nth,
    one_of,
    pick,
    several,
    yes_or_no,
)
from orders.tests.machine.facts import Case, Line, Order, Part, Refund
from orders.tests.machine.life import Life
from orders.tests.machine.model import DAYS, FAULTS, MOST_REFUSALS

ASKABLE = ("paid", "part_shipped", "shipped", "received", "completed")
REASONS = ("unwanted", "no_reason", "size", *FAULTS)
ASKED = {
    "n": nth,
    "reason": one_of(*REASONS),
    "pieces": several(3, between(0, 2)),
}
FREIGHT_FEN = 800
SANDBOX_REFUND = "orders.providers.sandbox.provider.SandboxProvider.refund"
MOODS = ("well", "well", "refusing", "away", "unheard")


def refusing(_self: Any, repayment: Repayment, *, at: Any) -> RefundWord:
    return RefundWord(repayment.refund_no, TradeState.FAILED, 0, "refused")


def away(_self: Any, _repayment: Repayment, *, at: Any) -> RefundWord:
    raise ProviderUnavailable


def unheard(_self: Any, repayment: Repayment, *, at: Any) -> RefundWord:
    """The money goes back, and the line is cut before the answer."""
    book.give_back(repayment.refund_no, repayment.payment_no, repayment.amount_fen, at=at)
    raise ProviderUnavailable


PROVIDERS: dict[str, Callable[..., RefundWord]] = {
    "refusing": refusing,
    "away": away,
    "unheard": unheard,
}


def case_in(*states: str, kind: str = "") -> Callable[[Case], bool]:
    """True of a case in one of these states."""
    return lambda case: case.state in states and kind in ("", case.kind)


def has_case(*states: str, kind: str = "") -> Callable[["Returning"], bool]:
    """True of a life with such a case."""
    return lambda life: any(map(case_in(*states, kind=kind), life.cases))


def offers(kind: str) -> Callable[["Returning"], bool]:
    """True of a life with an order that offers this for some reason."""
    return lambda life: any(life.offers(order, kind, "quality") for order in life.orders)


class Returning(Life):
    """The life of cases, and of the money that goes back."""

    @deed(6, may=offers("refund_only"), **ASKED)
    def ask_for_money(self, n: int, reason: str, pieces: tuple[int, ...]) -> None:
        """What was not sent, or what is the shop's fault, is paid back and kept."""
        self._ask("refund_only", *self._wish(n, "refund_only", reason, pieces))

    @deed(7, may=offers("return_refund"), **ASKED)
    def ask_to_return(self, n: int, reason: str, pieces: tuple[int, ...]) -> None:
        self._ask("return_refund", *self._wish(n, "return_refund", reason, pieces))

    @deed(7, may=offers("exchange"), swap=yes_or_no, **ASKED)
    def ask_for_another(self, n: int, reason: str, pieces: tuple[int, ...], swap: bool) -> None:
        """The same once more, or the other size."""
        order, reason, wanted = self._wish(n, "exchange", reason, pieces)
        others = self._swapped(order, wanted) if swap else {}
        self._ask("exchange", order, reason, wanted, others)

    def _wish(
        self, n: int, kind: str, reason: str, pieces: tuple[int, ...]
    ) -> tuple[Order, str, dict[int, int]]:
        """Some pieces of an order that offers it; now and then more than is offered."""
        if not any(self.offers(order, kind, reason) for order in self.orders):
            reason = "quality"
        order = self.order_where(n, lambda one: self.offers(one, kind, reason))
        most = self.offered(order, kind, reason)
        wanted = dict(zip(order.lines, pieces, strict=False))
        if not is_unfit(n):
            wanted = {pk: min(number, most[pk]) for pk, number in wanted.items()}
            if not any(wanted.values()):
                wanted = {pk: 1 for pk in most if most[pk]}
        return order, reason, {pk: number for pk, number in wanted.items() if number}

    def _ask(
        self,
        kind: str,
        order: Order,
        reason: str,
        wanted: dict[int, int],
        others: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        request = Request(wish=Wish(kind, reason, wanted), exchange_skus=tuple(others.items()))
        row = self.attempt(
            f"ask {kind}",
            self._is_offered(order, kind, reason, wanted),
            lambda: request_after_sale(
                number=order.number, member_id=order.member.id, request=request, at=self.at
            ),
        )
        if row is None:
            return
        case = self.model.value(order, kind, reason, wanted)
        case.number = row.number
        for line_id, sku in others.items():
            case.parts[line_id].sku = sku
        self._name_parts(case, row)
        self.model.open_case(case)

    def offers(self, order: Order, kind: str, reason: str) -> bool:
        return any(self.offered(order, kind, reason).values())

    def offered(self, order: Order, kind: str, reason: str) -> dict[int, int]:
        """Of each line, how many pieces may be asked about."""
        if order.status not in ASKABLE:
            return dict.fromkeys(order.lines, 0)
        over = self._is_over(order, kind, reason)
        return {pk: _most(line, kind, reason, over=over) for pk, line in order.lines.items()}

    def _swapped(self, order: Order, wanted: dict[int, int]) -> dict[int, int]:
        """The other size of what comes in two."""
        one, other = self.shop.skus[0].pk, self.shop.skus[1].pk
        sizes = {one: other, other: one}
        skus = {pk: order.lines[pk].sku for pk in wanted}
        return {pk: sizes[sku] for pk, sku in skus.items() if sku in sizes}

    def _is_offered(self, order: Order, kind: str, reason: str, wanted: dict[int, int]) -> bool:
        most = self.offered(order, kind, reason)
        return bool(wanted) and all(number <= most[pk] for pk, number in wanted.items())

    def _is_over(self, order: Order, kind: str, reason: str) -> bool:
        """True when it is too late to ask about what has come."""
        if order.received_at is None:
            return False
        days = 30 if reason in FAULTS else 15 if kind == "exchange" else 7
        gone = clock.day_of(self.at) - clock.day_of(order.received_at)
        return gone > timedelta(days=days)

    def _name_parts(self, case: Case, row: AfterSale) -> None:
        """The case as it was written down is the case as it should be."""
        for line in row.lines.all():
            part = case.parts[line.line_id]
            part.id = line.pk
            sku = line.exchange_sku_id or part.sku
            written = Part(
                line.pk,
                sku,
                line.quantity,
                line.unshipped,
                line.entitled_fen,
                line.amount_fen,
                line.points_back,
            )
            assert written == part
        assert (row.freight_fen, row.lines.count()) == (case.freight, len(case.parts))

    @deed(9, may=has_case("requested"), n=nth, grant=one_of("all", "all", "half"))
    def approve(self, n: int, grant: str) -> None:
        """Granted whole or in part; what is not sent back is paid back at once."""
        case = self.case_where(n, case_in("requested"))
        exchanged: Counter[int] = Counter()
        if case.kind == "exchange":
            for part in case.parts.values():
                exchanged[part.sku] += part.quantity
        amounts = {part.id: part.entitled // 2 for part in case.parts.values() if grant == "half"}
        done = self.attempt(
            f"approve {case.kind}",
            case.state == "requested" and self.model.has(exchanged),
            lambda: approve_after_sale(
                number=case.number, at=self.at, actor=self.shop.boss, amounts_fen=amounts
            ),
        )
        if done is None:
            return
        for part in case.parts.values():
            part.amount = amounts.get(part.id, part.amount)
        if case.kind == "refund_only":
            self.model.pay_back(case, self.at)
        else:
            case.state, case.due_at = "awaiting_return", self.at + 7 * DAYS

    @deed(2, may=has_case("requested", "inspected"), n=nth)
    def refuse(self, n: int) -> None:
        case = self.case_where(n, case_in("requested", "inspected"))
        done = self.attempt(
            "refuse case",
            case.state in ("requested", "inspected"),
            lambda: refuse_after_sale(
                number=case.number, reason="as agreed", actor=self.shop.boss, at=self.at
            ),
        )
        if done is not None:
            self.model.drop_case(case, "refused")

    @deed(1, may=has_case("requested", "awaiting_return"), n=nth)
    def withdraw(self, n: int) -> None:
        """The buyer takes it back."""
        case = self.case_where(n, case_in("requested", "awaiting_return"))
        done = self.attempt(
            "withdraw case",
            case.state in ("requested", "awaiting_return"),
            lambda: cancel_after_sale(
                number=case.number, member_id=case.order.member.id, at=self.at
            ),
        )
        if done is not None:
            self.model.drop_case(case, "cancelled")

    @deed(8, may=has_case("awaiting_return"), days=one_of(8, 8, 8, 0))
    def give_up_waiting(self, days: int) -> None:
        """Goods that were never sent back end a case."""
        self.at += days * DAYS
        waiting = [case for case in self.cases if case.state == "awaiting_return"]
        due = [case for case in waiting if case.due_at is not None and case.due_at <= self.at]
        name = "expire cases" if due else "nothing expires"
        self.attempt(name, True, lambda: expire_after_sales(self.at))
        for case in due:
            self.model.drop_case(case, "cancelled")

    @deed(9, may=has_case("awaiting_return"), n=nth)
    def post(self, n: int) -> None:
        """The goods are on their way back."""
        case = self.case_where(n, case_in("awaiting_return"))
        done = self.attempt(
            "send back",
            case.state in ("awaiting_return", "returning"),
            lambda: send_back(
                number=case.number,
                member_id=case.order.member.id,
                carrier="sf",
                tracking_no=self.number("RT"),
                at=self.at,
            ),
        )
        if done is not None:
            case.state = "returning"

    @deed(
        9,
        may=has_case("awaiting_return", "returning"),
        n=nth,
        letters=several(4, one_of(*"AAABCD-")),
        with_freight=yes_or_no,
    )
    def inspect(self, n: int, letters: tuple[str, ...], with_freight: bool) -> None:
        """Each piece gets its grade; some are not in the parcel."""
        waiting = ("awaiting_return", "returning")
        case = self.case_where(n, case_in(*waiting))
        grades = {
            pk: Counter(
                letter
                for letter in (letters * 2)[: part.quantity - part.unshipped]
                if letter != "-"
            )
            for pk, part in case.parts.items()
        }
        freight_fen = FREIGHT_FEN if with_freight else 0
        done = self.attempt(
            "inspect",
            case.state in waiting,
            lambda: inspect_return(
                number=case.number,
                grades={case.parts[pk].id: dict(found) for pk, found in grades.items()},
                warehouse_id=self.shop.houses[0].pk,
                actor=self.shop.boss,
                at=self.at,
                return_freight_fen=freight_fen,
            ),
        )
        if done is None:
            return
        self.model.inspect(case, grades)
        if case.reason in FAULTS:
            case.order.member.wallet += freight_fen

    @deed(20, may=has_case("inspected", kind="return_refund"), n=nth)
    def pay_return_back(self, n: int) -> None:
        case = self.case_where(n, case_in("inspected", kind="return_refund"))
        done = self.attempt(
            "refund case",
            case.state == "inspected" and case.kind != "exchange",
            lambda: refund_after_sale(number=case.number, actor=self.shop.boss, at=self.at),
        )
        if done is not None:
            self.model.pay_back(case, self.at)

    @deed(30, may=has_case("inspected", kind="exchange"), n=nth)
    def send_replacement(self, n: int) -> None:
        case = self.case_where(n, case_in("inspected", kind="exchange"))
        done = self.attempt(
            "send replacement",
            case.state == "inspected" and case.kind == "exchange",
            lambda: resend_after_sale(
                number=case.number,
                carrier="sf",
                tracking_no=self.number("SF"),
                actor=self.shop.boss,
                at=self.at,
            ),
        )
        if done is not None and done.replacement is not None:
            self.model.resend(case, done.replacement.number)

    @deed(9, may=lambda self: self.stuck, mood=one_of(*MOODS), late=yes_or_no)
    def send_refunds(self, mood: str, late: bool) -> None:
        """What is due is sent; the provider may refuse, be away, or not be heard."""
        self.at += timedelta(hours=2 if late else 0)
        if mood == "well":
            self.attempt("send refunds", True, lambda: retry_refunds(self.at))
        else:
            with patch(SANDBOX_REFUND, PROVIDERS[mood]):
                self.attempt(f"send refunds, {mood}", True, lambda: retry_refunds(self.at))
        self._reckon(mood)

    @deed(1, may=lambda self: self.stuck)
    def refuse_until_given_up(self) -> None:
        """The provider says no for days; then somebody has to look at it."""
        for _try in range(MOST_REFUSALS):
            self.at += timedelta(hours=1)
            self._refuse_once()
        self.fired["refunds given up"] += 1

    def _refuse_once(self) -> None:
        self.is_sound = False
        with patch(SANDBOX_REFUND, refusing):
            retry_refunds(self.at)
        self._reckon("refusing")

    def _reckon(self, mood: str) -> None:
        for order, refund in self.refunds:
            if refund.state == "pending" and refund.next_at <= self.at:
                self.model.send_refund(order, refund, mood, self.at)

    @property
    def refunds(self) -> list[tuple[Order, Refund]]:
        return [(order, one) for order in self.orders for one in order.refunds]

    @property
    def stuck(self) -> list[Refund]:
        return [one for _order, one in self.refunds if one.state == "pending"]

    @deed(2, may=lambda self: any(one.state != "succeeded" for _order, one in self.refunds), n=nth)
    def send_once_more(self, n: int) -> None:
        """An operator lets a refund be sent again, also one that was given up."""
        failed = [pair for pair in self.refunds if pair[1].state == "failed"]
        self._send_again(*pick(n, self.refunds, lambda pair: not failed or pair in failed))

    def _send_again(self, order: Order, refund: Refund) -> None:
        rows = RealRefund.objects.filter(payment__payment_no=refund.payment.no).order_by("pk")
        mine = [one for one in order.refunds if one.payment is refund.payment]
        assert len(mine) == len(rows)
        row = rows[next(place for place, one in enumerate(mine) if one is refund)]
        self.attempt(
            "send refund again",
            refund.state != "succeeded",
            lambda: send_again(refund=row, actor=self.shop.boss, at=self.at),
        )
        if refund.state != "succeeded":
            refund.state, refund.attempts, refund.next_at = "pending", 0, self.at

    def settle_up(self) -> None:
        """A surplus whose refund was given up breaks a law until somebody sends it again."""
        for order, refund in self.refunds:
            if refund.state == "failed":
                self._send_again(order, refund)


def _most(line: Line, kind: str, reason: str, *, over: bool) -> int:
    """What was sent may be asked about in time, and to be kept only when the shop is at fault."""
    if kind != "refund_only":
        return 0 if over else line.free - line.unshipped
    return line.free if reason in FAULTS and not over else line.unshipped
