"""What buyers and providers do until the money is there, or not."""

from collections import Counter
from datetime import timedelta

from orders.models import Order as RealOrder
from orders.models import OrderLine, OrderLineStep
from orders.refunds import points_by_line
from orders.services import (
    Fault,
    Submission,
    Wanted,
    accept_notice,
    begin_payment,
    cancel_order,
    close_by_shop,
    close_unpaid,
    open_payment,
    pay_at_cashier,
    place_order,
    query_silent_payments,
)
from orders.testing import write_notice
from orders.tests.machine.deeds import between, deed, nth, one_of, pick, some_of, yes_or_no
from orders.tests.machine.facts import Line, Member, Order, Payment
from orders.tests.machine.life import Life
from orders.tests.machine.model import (
    ASK_AGAIN_SECONDS,
    COUPON_FEN,
    MINUTES,
    THRESHOLD_FEN,
    THRESHOLD_OFF_FEN,
    UNUSED,
    freight_of,
)
from orders.tests.machine.shop import let_provider_change_its_mind

MOST_UNPAID, MOST_PENDING = 5, 5
NO_MONEY = (Fault.FORGED, Fault.WRONG_AMOUNT)
BASKETS = some_of(range(3), between(1, 3))
FAULTS = one_of(None, *Fault)
STILL_OPEN = ("pending", "failed")


def is_unpaid(order: Order) -> bool:
    return order.status == "unpaid"


def may_be_cancelled(order: Order) -> bool:
    return order.status in ("unpaid", "paid")


class Buying(Life):
    """Ordering, paying, paying again, changing one's mind, letting the time pass."""

    @deed(
        4,
        who=between(0, 1),
        basket=BASKETS,
        with_coupon=yes_or_no,
        points=one_of(0, 0, 100, 1_000, 4_900, 12_000),
    )
    def place(self, who: int, basket: dict[int, int], with_coupon: bool, points: int) -> None:
        member = self.model.members[who]
        wanted = Counter({self.shop.skus[n].pk: pieces for n, pieces in basket.items()})
        unused = [grant for grant, state in member.coupons.items() if state == UNUSED]
        coupon = unused[0] if with_coupon and unused else None
        goods_fen, total_fen = self._price(wanted, coupon, points)
        waiting = sum(is_unpaid(order) for order in self.orders if order.member is member)
        allowed = (
            waiting < MOST_UNPAID
            and self.model.has(wanted)
            and points <= min(goods_fen // 2, member.points)
        )
        submission = Submission(
            address_id=self.shop.addresses[member.id],
            wanted=tuple(Wanted(sku, pieces) for sku, pieces in wanted.items()),
            coupon_grant_ids=() if coupon is None else (coupon,),
            points=points,
        )
        placed = self.attempt(
            "place",
            allowed,
            lambda: place_order(member_id=member.id, submission=submission, at=self.at),
        )
        if placed is not None:
            assert (placed.payable_fen, placed.points_used) == (total_fen, points)
            self.model.place(written_down(placed, member, coupon))

    def _price(self, wanted: Counter[int], coupon: int | None, points: int) -> tuple[int, int]:
        """What the goods cost before points, and all of it."""
        prices = {sku.pk: sku.price_fen for sku in self.shop.skus}
        goods_fen = sum(prices[sku] * pieces for sku, pieces in wanted.items())
        goods_fen -= THRESHOLD_OFF_FEN if goods_fen >= THRESHOLD_FEN else 0
        goods_fen -= COUPON_FEN if coupon is not None else 0
        return goods_fen, goods_fen - points + freight_of(wanted.total())

    @deed(
        26,
        may=lambda self: self.unpaid,
        n=nth,
        succeed=one_of(True, True, True, True, True, False),
        fault=FAULTS,
    )
    def pay(self, n: int, succeed: bool, fault: Fault | None) -> None:
        """Go to the provider's cashier and pay there, or be refused."""
        order = self.order_where(n, is_unpaid)
        payment = self._open(order, "sandbox")
        if payment is not None:
            self._at_cashier(order, payment, succeed, fault)

    @deed(
        4,
        may=lambda self: any(one.theirs in STILL_OPEN for _order, one in self.payments),
        n=nth,
        succeed=yes_or_no,
        fault=FAULTS,
    )
    def return_to_cashier(self, n: int, succeed: bool, fault: Fault | None) -> None:
        """A page left open: whatever became of the order, it is tried again."""
        order, payment = pick(n, self.payments, lambda pair: pair[1].theirs in STILL_OPEN)
        if payment.provider == "sandbox":
            self._at_cashier(order, payment, succeed, fault)

    @deed(2, may=lambda self: self.unpaid, n=nth)
    def only_open(self, n: int) -> None:
        """Begin to pay, and leave the page open."""
        self._open(self.order_where(n, is_unpaid), "sandbox")

    @property
    def unpaid(self) -> list[Order]:
        return [order for order in self.orders if is_unpaid(order)]

    @property
    def payments(self) -> list[tuple[Order, Payment]]:
        return [(order, payment) for order in self.orders for payment in order.payments]

    def _open(self, order: Order, provider: str) -> Payment | None:
        waiting = [
            one for one in order.payments if one.ours == "pending" and one.expires_at > self.at
        ]
        same = [one for one in waiting if one.provider == provider]
        fits = is_unpaid(order) and order.expires_at > self.at
        row = self.attempt(
            f"begin {provider} payment",
            fits and (bool(same) or len(waiting) < MOST_PENDING),
            lambda: open_payment(
                order_number=order.number,
                member_id=order.member.id,
                provider=provider,
                scene=provider,
                at=self.at,
            ),
        )
        if row is None:
            return None
        if not same:
            asked_at = self.at + timedelta(seconds=15)
            same = [Payment(row.payment_no, provider, order.payable, order.expires_at, asked_at)]
            order.payments += same
        assert row.payment_no == same[0].no
        if provider == "sandbox":
            begin_payment(row, at=self.at)
        return same[0]

    def _at_cashier(
        self, order: Order, payment: Payment, succeed: bool, fault: Fault | None
    ) -> None:
        word = (fault or "well") if succeed or fault in NO_MONEY else "refusal"
        done = self.attempt(
            f"cashier, {word}",
            payment.theirs in STILL_OPEN,
            lambda: pay_at_cashier(payment_no=payment.no, succeed=succeed, fault=fault, at=self.at),
        )
        if done is None or fault in NO_MONEY:
            return
        payment.theirs = "paid" if succeed else "failed"
        if fault == Fault.LATE:
            self.on_the_way.append((self.at, order, payment, payment.theirs))
        elif fault != Fault.LOST:
            self.model.hear(order, payment, payment.theirs, self.at)

    @deed(2, may=lambda self: self.unpaid, n=nth)
    def pay_from_wallet(self, n: int) -> None:
        """All of it from the balance, at once; too little leaves a refused payment behind."""
        order = self.order_where(n, is_unpaid)
        payment = self._open(order, "wallet")
        if payment is None:
            return
        row = RealOrder.objects.get(pk=order.id).payments.get(payment_no=payment.no)
        enough = order.member.wallet >= payment.amount
        self.attempt("wallet", enough, lambda: begin_payment(row, at=self.at))
        if not enough:
            payment.ours = "failed"
            return
        payment.theirs = "paid"
        order.member.wallet -= payment.amount
        self.model.hear(order, payment, "paid", self.at)

    @deed(2, may=lambda self: self.closed_there, n=nth)
    def late_money(self, n: int) -> None:
        """The provider said "closed", and then the money comes after all."""
        order, payment = self.closed_there[n % len(self.closed_there)]
        let_provider_change_its_mind(payment.no, self.at)
        notice = write_notice(payment.no, at=self.at)
        self.attempt(
            "money after closing",
            True,
            lambda: accept_notice(
                provider="sandbox", headers=notice.headers, body=notice.body, at=self.at
            ),
        )
        payment.theirs = "paid"
        self.model.hear(order, payment, "paid", self.at)

    @property
    def closed_there(self) -> list[tuple[Order, Payment]]:
        """What the provider has closed."""
        return [
            (order, payment)
            for order, payment in self.payments
            if payment.theirs == "closed" and payment.provider == "sandbox"
        ]

    @property
    def silent(self) -> list[tuple[Order, Payment]]:
        """Payments of which no word has come, that of the longest silence first."""
        open_still = [
            (payment.query_at, order, payment)
            for order, payment in self.payments
            if payment.ours in STILL_OPEN and payment.query_at is not None
        ]
        ranked = sorted(open_still, key=lambda one: one[0])
        return [(order, payment) for _when, order, payment in ranked]

    @deed(4, may=lambda self: self.silent, seconds=one_of(0, 20, 300))
    def ask_about_payments(self, seconds: int) -> None:
        """Providers are asked about payments that are silent."""
        self.at += timedelta(seconds=seconds)
        self.attempt("ask about payments", True, lambda: query_silent_payments(self.at))
        for order, payment in self.silent:
            if payment.query_at is None or payment.query_at > self.at:
                break
            payment.queries += 1
            wait = ASK_AGAIN_SECONDS[min(payment.queries, len(ASK_AGAIN_SECONDS) - 1)]
            payment.query_at = self.at + timedelta(seconds=wait)
            if not is_unpaid(order) and payment.theirs != "paid":
                payment.theirs = "closed"
            if payment.provider == "sandbox" or payment.theirs == "closed":
                self.model.hear(order, payment, payment.theirs, self.at)

    @deed(2, may=lambda self: self.unpaid, minutes=one_of(31, 31, 0))
    def time_out(self, minutes: int) -> None:
        """Nobody pays: half an hour later the clock closes the order, and never sooner."""
        self.at += minutes * MINUTES
        late = [order for order in self.unpaid if order.expires_at <= self.at]
        self.attempt("time out" if late else "too soon", True, lambda: close_unpaid(self.at))
        for order in late:
            self.model.close(order, "timeout", self.at)

    @deed(3, may=lambda self: any(map(may_be_cancelled, self.orders)), n=nth)
    def cancel(self, n: int) -> None:
        order = self.order_where(n, may_be_cancelled)
        self._cancel("cancel", order, "buyer")

    @deed(4, may=lambda self: any(map(may_be_cancelled, self.orders)), n=nth)
    def close_by_shop(self, n: int) -> None:
        order = self.order_where(n, may_be_cancelled)
        self._cancel("close by shop", order, "operator")

    def _cancel(self, name: str, order: Order, reason: str) -> None:
        """Unpaid it is closed, unless it turns out to be paid; paid it is paid back."""
        if order.status == "paid":
            allowed = not order.live_cases or any(line.free for line in order.lines.values())
        else:
            allowed = is_unpaid(order) and self.model.close(order, reason, self.at)
            self.attempt(name, allowed, lambda: self._really_cancel(order, reason))
            return
        done = self.attempt(f"{name} paid", allowed, lambda: self._really_cancel(order, reason))
        if done is None:
            return
        if not order.live_cases:
            self.model.cancel_paid(order, self.at)
            return
        pieces = {pk: line.free for pk, line in order.lines.items() if line.free}
        case = self.model.value(order, "refund_only", "unwanted", pieces)
        case.number = done.after_sales.latest("pk").number
        self.model.open_case(case)
        self.model.pay_back(case, self.at)

    def _really_cancel(self, order: Order, reason: str) -> RealOrder:
        if reason == "buyer":
            return cancel_order(
                number=order.number, member_id=order.member.id, reason="changed mind", at=self.at
            )
        row = RealOrder.objects.get(pk=order.id)
        return close_by_shop(order=row, reason="cannot serve", actor=self.shop.boss, at=self.at)


def written_down(placed: RealOrder, member: Member, coupon: int | None) -> Order:
    """The order as it was agreed; from here on the model reckons by itself."""
    rows = list(OrderLine.objects.filter(order=placed).order_by("position"))
    paid = Counter(
        dict(
            OrderLineStep.objects.filter(line__in=rows, lane="points").values_list(
                "line_id", "amount_fen"
            )
        )
    )
    shares = points_by_line(placed.points_used, [paid[row.pk] for row in rows])
    lines = {
        row.pk: Line(row.pk, row.sku_id, row.quantity, row.payable_fen, points)
        for row, points in zip(rows, shares, strict=True)
        if row.sku_id is not None
    }
    assert placed.expires_at is not None
    assert sum(line.payable for line in lines.values()) + placed.freight_fen == placed.payable_fen
    return Order(
        placed.pk,
        placed.number,
        member,
        lines,
        placed.payable_fen,
        placed.freight_fen,
        placed.points_used,
        placed.points_earned,
        coupon,
        placed.expires_at,
    )
