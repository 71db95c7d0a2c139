"""What buyers and providers do until the money is there, or not."""

from collections import Counter
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

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
from orders.tests.machine.facts import Line, Member, Order, Payment
from orders.tests.machine.life import Life, nth
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
BASKETS = st.dictionaries(st.integers(0, 2), st.integers(1, 3), min_size=1, max_size=3)
FAULTS = st.sampled_from([None, None, None, *Fault])


def is_unpaid(order: Order) -> bool:
    return order.status == "unpaid"


class Buying(Life):
    """Ordering, paying, paying again, changing one's mind, letting the time pass."""

    @rule(
        who=st.integers(0, 1),
        basket=BASKETS,
        with_coupon=st.booleans(),
        points=st.sampled_from([0, 0, 100, 1_000, 4_900, 12_000]),
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

    @precondition(lambda self: self.orders)
    @rule(n=nth, succeed=st.sampled_from([True, True, True, False]), fault=FAULTS)
    def pay(self, n: int, succeed: bool, fault: Fault | None) -> None:
        """Go to the provider's cashier and pay there, or be refused."""
        order = self.order_where(n, is_unpaid)
        payment = self._open(order, "sandbox")
        if payment is not None:
            self._at_cashier(order, payment, succeed, fault)

    @precondition(lambda self: any(order.payments for order in self.orders))
    @rule(n=nth, succeed=st.booleans(), fault=FAULTS)
    def return_to_cashier(self, n: int, succeed: bool, fault: Fault | None) -> None:
        """A page left open: whatever became of the order, it is tried again."""
        order, payment = self._payment(n, lambda one: one.theirs in ("pending", "failed"))
        if payment.provider == "sandbox":
            self._at_cashier(order, payment, succeed, fault)

    @precondition(lambda self: self.orders)
    @rule(n=nth)
    def only_open(self, n: int) -> None:
        """Begin to pay, and leave the page open."""
        self._open(self.order_where(n, is_unpaid), "sandbox")

    def _payment(self, n: int, fits) -> tuple[Order, Payment]:
        pairs = [(order, payment) for order in self.orders for payment in order.payments]
        fitting = [pair for pair in pairs if fits(pair[1])] if n % 8 else pairs
        pool = fitting or pairs
        return pool[n % len(pool)]

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
        deed = f"cashier, {fault or 'well'}" if succeed or fault in NO_MONEY else "cashier, refusal"
        done = self.attempt(
            deed,
            payment.theirs in ("pending", "failed"),
            lambda: pay_at_cashier(payment_no=payment.no, succeed=succeed, fault=fault, at=self.at),
        )
        if done is None or fault in NO_MONEY:
            return
        payment.theirs = "paid" if succeed else "failed"
        if fault == Fault.LATE:
            self.on_the_way.append((self.at, order, payment, payment.theirs))
        elif fault != Fault.LOST:
            self.model.hear(order, payment, payment.theirs, self.at)

    @precondition(lambda self: any(map(is_unpaid, self.orders)))
    @rule(n=nth)
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

    @precondition(
        lambda self: any(
            one.theirs == "closed" and one.provider == "sandbox"
            for order in self.orders
            for one in order.payments
        )
    )
    @rule(n=nth)
    def late_money(self, n: int) -> None:
        """The provider said "closed", and then the money comes after all."""
        order, payment = self._payment(
            n | 1, lambda one: one.theirs == "closed" and one.provider == "sandbox"
        )
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

    @rule()
    def ask_about_payments(self) -> None:
        """Providers are asked about payments that are silent."""
        self.attempt("ask about payments", True, lambda: query_silent_payments(self.at))
        due = [
            (payment.query_at, place, order, payment)
            for order in self.orders
            for place, payment in enumerate(order.payments)
            if payment.ours in ("pending", "failed")
            and payment.query_at is not None
            and payment.query_at <= self.at
        ]
        for _when, _place, order, payment in sorted(due, key=lambda one: one[:1]):
            payment.queries += 1
            wait = ASK_AGAIN_SECONDS[min(payment.queries, len(ASK_AGAIN_SECONDS) - 1)]
            payment.query_at = self.at + timedelta(seconds=wait)
            if not is_unpaid(order) and payment.theirs != "paid":
                payment.theirs = "closed"
            if payment.provider == "sandbox" or payment.theirs == "closed":
                self.model.hear(order, payment, payment.theirs, self.at)

    @rule()
    def time_out(self) -> None:
        """The clock closes what was not paid in time."""
        self.attempt("time out", True, lambda: close_unpaid(self.at))
        for order in self.orders:
            if is_unpaid(order) and order.expires_at <= self.at:
                self.model.close(order, "timeout", self.at)

    @precondition(lambda self: self.orders)
    @rule()
    def run_out_of_time(self) -> None:
        """Nobody pays: half an hour later the order is closed."""
        if any(map(is_unpaid, self.orders)):
            self.at += 31 * MINUTES
        self.time_out()

    @precondition(lambda self: self.orders)
    @rule(n=nth)
    def cancel(self, n: int) -> None:
        order = self.order_where(n, lambda one: one.status in ("unpaid", "paid"))
        self._cancel("cancel", order, "buyer")

    @precondition(lambda self: self.orders)
    @rule(n=nth)
    def close_by_shop(self, n: int) -> None:
        order = self.order_where(n, lambda one: one.status in ("unpaid", "paid"))
        self._cancel("close by shop", order, "operator")

    def _cancel(self, deed: str, order: Order, reason: str) -> None:
        """Unpaid it is closed, unless it turns out to be paid; paid it is paid back."""
        if order.status == "paid":
            allowed = not order.live_cases or any(line.free for line in order.lines.values())
        else:
            allowed = is_unpaid(order) and self.model.close(order, reason, self.at)
            self.attempt(deed, allowed, lambda: self._really_cancel(order, reason))
            return
        done = self.attempt(f"{deed} paid", allowed, lambda: self._really_cancel(order, reason))
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
