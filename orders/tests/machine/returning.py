"""After-sales: asked, granted, sent back, looked at, paid back or exchanged; and the refunds."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

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
from orders.tests.machine.facts import Case, Order, Part, Refund
from orders.tests.machine.life import Life, nth
from orders.tests.machine.model import DAYS, FAULTS

ASKABLE = ("paid", "part_shipped", "shipped", "received", "completed")
KINDS = ("refund_only", "return_refund", "exchange")
REASONS = ("unwanted", "no_reason", "size", *FAULTS)
FREIGHT_FEN = 800
SANDBOX_REFUND = "orders.providers.sandbox.provider.SandboxProvider.refund"
MOODS = ("well", "well", "well", "refusing", "away", "unheard")


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


class Returning(Life):
    """The life of cases, and of the money that goes back."""

    @precondition(lambda self: any(order.status in ASKABLE for order in self.orders))
    @rule(
        n=nth,
        kind=st.sampled_from(KINDS),
        reason=st.sampled_from(REASONS),
        pieces=st.lists(st.integers(0, 2), min_size=3, max_size=3),
        swap=st.booleans(),
    )
    def ask(self, n: int, kind: str, reason: str, pieces: list[int], swap: bool) -> None:
        """A buyer asks about some pieces, whether that is offered or not."""
        order = self.order_where(n, lambda one: one.status in ASKABLE)
        wanted = {pk: number for pk, number in zip(order.lines, pieces, strict=False) if number}
        others = self._swapped(order, wanted) if swap and kind == "exchange" else {}
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

    def _swapped(self, order: Order, wanted: dict[int, int]) -> dict[int, int]:
        """The other size of what comes in two."""
        one, other = self.shop.skus[0].pk, self.shop.skus[1].pk
        sizes = {one: other, other: one}
        skus = {pk: order.lines[pk].sku for pk in wanted}
        return {pk: sizes[sku] for pk, sku in skus.items() if sku in sizes}

    def _is_offered(self, order: Order, kind: str, reason: str, wanted: dict[int, int]) -> bool:
        if order.status not in ASKABLE or not wanted:
            return False
        days = 30 if reason in FAULTS else 15 if kind == "exchange" else 7
        over = order.received_at is not None and (
            clock.day_of(self.at) - clock.day_of(order.received_at)
        ) > timedelta(days=days)
        for line_id, number in wanted.items():
            line = order.lines[line_id]
            unsent = line.unshipped
            if number > (line.free if kind == "refund_only" else line.free - unsent):
                return False
            sent = number - (unsent if kind == "refund_only" else 0)
            if sent > 0 and (over or (kind == "refund_only" and reason not in FAULTS)):
                return False
        return True

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

    @precondition(lambda self: any(case.state == "requested" for case in self.cases))
    @rule(n=nth, grant=st.sampled_from(["all", "all", "half"]))
    def approve(self, n: int, grant: str) -> None:
        """Granted whole or in part; what is not sent back is paid back at once."""
        case = self.case_where(n, lambda one: one.state == "requested")
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

    @precondition(lambda self: self.cases)
    @rule(n=nth)
    def refuse(self, n: int) -> None:
        case = self.case_where(n, lambda one: one.state in ("requested", "inspected"))
        done = self.attempt(
            "refuse case",
            case.state in ("requested", "inspected"),
            lambda: refuse_after_sale(
                number=case.number, reason="as agreed", actor=self.shop.boss, at=self.at
            ),
        )
        if done is not None:
            self.model.drop_case(case, "refused")

    @precondition(lambda self: self.cases)
    @rule(n=nth)
    def withdraw(self, n: int) -> None:
        """The buyer takes it back."""
        case = self.case_where(n, lambda one: one.state in ("requested", "awaiting_return"))
        done = self.attempt(
            "withdraw case",
            case.state in ("requested", "awaiting_return"),
            lambda: cancel_after_sale(
                number=case.number, member_id=case.order.member.id, at=self.at
            ),
        )
        if done is not None:
            self.model.drop_case(case, "cancelled")

    @precondition(lambda self: self.cases)
    @rule()
    def give_up_waiting(self) -> None:
        """Goods that were never sent back end a case."""
        self.attempt("expire cases", True, lambda: expire_after_sales(self.at))
        for case in self.cases:
            due = case.due_at is not None and case.due_at <= self.at
            if case.state == "awaiting_return" and due:
                self.model.drop_case(case, "cancelled")

    @precondition(lambda self: any(case.state == "awaiting_return" for case in self.cases))
    @rule(n=nth)
    def post(self, n: int) -> None:
        """The goods are on their way back."""
        case = self.case_where(n, lambda one: one.state == "awaiting_return")
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

    @precondition(
        lambda self: any(one.state in ("awaiting_return", "returning") for one in self.cases)
    )
    @rule(n=nth, letters=st.text("AAABCD-", min_size=6, max_size=6), with_freight=st.booleans())
    def inspect(self, n: int, letters: str, with_freight: bool) -> None:
        """Each piece gets its grade; some are not in the parcel."""
        waiting = ("awaiting_return", "returning")
        case = self.case_where(n, lambda one: one.state in waiting)
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

    @precondition(lambda self: any(case.state == "inspected" for case in self.cases))
    @rule(n=nth)
    def pay_return_back(self, n: int) -> None:
        case = self.case_where(
            n, lambda one: one.state == "inspected" and one.kind == "return_refund"
        )
        done = self.attempt(
            "refund case",
            case.state == "inspected" and case.kind != "exchange",
            lambda: refund_after_sale(number=case.number, actor=self.shop.boss, at=self.at),
        )
        if done is not None:
            self.model.pay_back(case, self.at)

    @precondition(lambda self: any(case.state == "inspected" for case in self.cases))
    @rule(n=nth)
    def send_replacement(self, n: int) -> None:
        case = self.case_where(n, lambda one: one.state == "inspected" and one.kind == "exchange")
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

    @precondition(lambda self: any(order.refunds for order in self.orders))
    @rule(mood=st.sampled_from(MOODS), late=st.booleans())
    def send_refunds(self, mood: str, late: bool) -> None:
        """What is due is sent; the provider may refuse, be away, or not be heard."""
        self.at += timedelta(hours=2 if late else 0)
        if mood == "well":
            self.attempt("send refunds", True, lambda: retry_refunds(self.at))
        else:
            with patch(SANDBOX_REFUND, PROVIDERS[mood]):
                self.attempt(f"send refunds, {mood}", True, lambda: retry_refunds(self.at))
        for order in self.orders:
            for refund in order.refunds:
                if refund.state == "pending" and refund.next_at <= self.at:
                    self.model.send_refund(order, refund, mood, self.at)

    @precondition(lambda self: self._stuck())
    @rule(n=nth)
    def refuse_until_given_up(self, n: int) -> None:
        """The provider says no for days; then somebody has to look at it."""
        for _try in range(8):
            self.at += timedelta(hours=1)
            self._refuse_once()
        self.fired["refunds given up"] += 1

    def _refuse_once(self) -> None:
        self.is_sound = False
        with patch(SANDBOX_REFUND, refusing):
            retry_refunds(self.at)
        for order in self.orders:
            for refund in order.refunds:
                if refund.state == "pending" and refund.next_at <= self.at:
                    self.model.send_refund(order, refund, "refusing", self.at)

    def _stuck(self) -> list[Refund]:
        return [one for order in self.orders for one in order.refunds if one.state == "pending"]

    @precondition(lambda self: any(order.refunds for order in self.orders))
    @rule(n=nth)
    def send_once_more(self, n: int) -> None:
        """An operator lets a refund be sent again, also one that was given up."""
        pairs = [(order, one) for order in self.orders for one in order.refunds]
        failed = [pair for pair in pairs if pair[1].state == "failed"] or pairs
        self._send_again(*failed[n % len(failed)])

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
        for order in self.orders:
            for refund in order.refunds:
                if refund.state == "failed":
                    self._send_again(order, refund)
