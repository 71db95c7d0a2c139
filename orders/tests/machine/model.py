"""The shop on paper: what must be true after any deed, in plain Python and without a database.

It is written from the rules (design.md, sections 5 to 8), not from the code: sums of its own,
states of its own. Units: fen, pieces, points.
"""

from collections import Counter
from datetime import datetime, timedelta

from orders.tests.machine.facts import OPEN_CASES, Case, Line, Member, Order, Part, Payment, Refund

MINUTES, DAYS = timedelta(minutes=1), timedelta(days=1)
BACKOFF_SECONDS = (60, 60, 60, 300, 900, 3600)
ASK_AGAIN_SECONDS = (15, 60, 60, 60, 300, 900)
MOST_REFUSALS = 10
NOTICE_SECONDS = 300
FAULTS = ("quality", "damaged")
THRESHOLD_FEN, THRESHOLD_OFF_FEN, COUPON_FEN = 30_000, 5_000, 1_000
GRAMS = 500
UNUSED = ("usable", "")


def share(amount: int, quantity: int, pieces: int) -> int:
    """What the first ``pieces`` of ``quantity`` are worth together, half a fen rounded up."""
    return (2 * amount * pieces + quantity) // (2 * quantity)


def freight_of(pieces: int) -> int:
    """¥5 the first kilogram, ¥1 each further one begun."""
    return 500 + 100 * max(0, -(-(pieces * GRAMS - 1_000) // 1_000))


class Model:
    """The whole shop: members, stock and orders. Reservations are worked out, never kept."""

    def __init__(self, members: list[Member], stock: dict[int, int], review_fen: int) -> None:
        self.members = members
        self.on_hand = Counter(stock)
        self.defective: Counter[int] = Counter()
        self.in_transit: Counter[int] = Counter()
        self.orders: list[Order] = []
        self.review_fen = review_fen

    def reserved(self) -> Counter[int]:
        """What orders that are open, and exchanges that were granted, still wait for."""
        held: Counter[int] = Counter()
        for order in self.orders:
            if order.status in ("unpaid", "paid", "part_shipped"):
                for line in order.lines.values():
                    held[line.sku] += line.to_settle
            for case in order.cases:
                if case.kind == "exchange" and case.state in OPEN_CASES[1:]:
                    for part in case.parts.values():
                        held[part.sku] += part.quantity
        return held

    def has(self, wanted: Counter[int]) -> bool:
        """True when so much is free."""
        held = self.reserved()
        return all(self.on_hand[sku] - held[sku] >= pieces for sku, pieces in wanted.items())

    def place(self, order: Order) -> None:
        self.orders.append(order)
        order.member.points -= order.points_used
        if order.coupon is not None:
            order.member.coupons[order.coupon] = ("locked", order.number)

    def hear(self, order: Order, payment: Payment, word: str, at: datetime) -> None:
        """A provider's word about a payment, by whatever way it came."""
        if word == "paid":
            self._money(order, payment, at)
        elif word in ("failed", "closed") and payment.ours in ("pending", "failed"):
            payment.ours = word
            if word == "closed":
                payment.query_at = None

    def _money(self, order: Order, payment: Payment, at: datetime) -> None:
        if payment.ours == "succeeded":
            return
        payment.ours, payment.query_at = "succeeded", None
        fits = payment.amount == order.payable
        if fits and order.status == "unpaid":
            self._pay(order)
        elif fits and self._can_revive(order):
            order.member.points -= order.points_used
            self._pay(order)
        else:
            payment.surplus = True
            order.refunds.append(Refund(payment, payment.amount, at))

    def _can_revive(self, order: Order) -> bool:
        if (order.status, order.reason, order.paid) != ("closed", "timeout", 0):
            return False
        wanted: Counter[int] = Counter()
        for line in order.lines.values():
            wanted[line.sku] += line.quantity
        coupon_is_free = order.coupon is None or order.member.coupons[order.coupon] == UNUSED
        return coupon_is_free and order.member.points >= order.points_used and self.has(wanted)

    def _pay(self, order: Order) -> None:
        order.status, order.reason, order.paid = "paid", "", order.payable
        order.closed_at = None
        order.in_review = order.payable >= self.review_fen
        if order.coupon is not None:
            order.member.coupons[order.coupon] = ("used", order.number)

    def end_payments(self, order: Order, at: datetime) -> None:
        """Every provider is asked to close what is open; what was paid after all counts."""
        for payment in order.payments:
            if payment.ours in ("pending", "failed"):
                if payment.theirs != "paid":
                    payment.theirs = "closed"
                self.hear(order, payment, payment.theirs, at)

    def close(self, order: Order, reason: str, at: datetime) -> bool:
        """Close an unpaid order; False when it turns out to be paid."""
        self.end_payments(order, at)
        if order.status != "unpaid":
            return False
        self._end(order, reason, at)
        self._let_go(order)
        return True

    def _end(self, order: Order, reason: str, at: datetime) -> None:
        order.status, order.reason, order.closed_at = "closed", reason, at
        order.in_review = False

    def _let_go(self, order: Order) -> None:
        self._free_coupon(order)
        if order.points_used:
            order.member.earn(order.points_used)

    def _free_coupon(self, order: Order) -> None:
        """Only what is bound to this order: meanwhile another may have it."""
        coupons = order.member.coupons
        if order.coupon is not None and coupons[order.coupon][1] == order.number:
            coupons[order.coupon] = UNUSED

    def cancel_paid(self, order: Order, at: datetime) -> None:
        """Nothing has left: everything comes back at once."""
        self._end(order, "refunded", at)
        order.refunded, order.freight_back = order.paid, order.freight
        for line in order.lines.values():
            line.refunded = line.withdrawn = line.quantity
            line.refunded_fen = line.payable
        self._refund(order, order.paid, at)
        self._let_go(order)

    def _refund(self, order: Order, amount: int, at: datetime, case: Case | None = None) -> None:
        accepted = next(p for p in order.payments if p.ours == "succeeded" and not p.surplus)
        order.refunds.append(Refund(accepted, amount, at, case))

    def reprice(self, order: Order, parts: dict[int, int], freight: int) -> None:
        """``parts`` is what each line gets cheaper by."""
        goods, off = order.goods, sum(parts.values())
        if off:
            order.points_earned = order.points_earned * (goods - off) // goods
        for line_id, part in parts.items():
            order.lines[line_id].payable -= part
        order.freight = freight
        order.payable = order.goods + freight

    def ship(self, order: Order, parts: dict[int, int], parcel: str, at: datetime) -> None:
        for line_id, pieces in parts.items():
            line = order.lines[line_id]
            line.shipped += pieces
            self.on_hand[line.sku] -= pieces
        order.parcels[parcel] = False
        order.status = "part_shipped"
        self._all_sent(order, at)

    def _all_sent(self, order: Order, at: datetime) -> None:
        if order.status == "part_shipped" and not any(
            line.to_settle for line in order.lines.values()
        ):
            order.status, order.receive_due_at = "shipped", at + 15 * DAYS

    def sign(self, order: Order, parcel: str, at: datetime) -> None:
        if order.parcels[parcel]:
            return
        order.parcels[parcel] = True
        if order.status == "shipped" and all(order.parcels.values()):
            order.receive_due_at = min(order.receive_due_at or at + 10 * DAYS, at + 10 * DAYS)

    def receive(self, order: Order, at: datetime) -> None:
        order.status, order.received_at = "received", at
        if order.kept > 0:
            order.member.earn(order.points_earned * order.kept // order.goods)

    def settle(self, order: Order) -> None:
        """What is not on its way back belongs to the sellers."""
        surplus = [payment for payment in order.payments if payment.surplus]
        back = sum(r.amount for r in order.refunds if r.payment not in surplus)
        order.settled = order.paid - back

    def value(self, order: Order, kind: str, reason: str, pieces: dict[int, int]) -> Case:
        """A case as the sums see it, its numbers still unknown."""
        parts = {}
        for line_id, number in pieces.items():
            line = order.lines[line_id]
            kept = min(number, line.unshipped) if kind == "refund_only" else 0
            fen = points = 0
            if kind != "exchange":
                fen = self._due(line.payable, line, line.entitled, number)
                points = self._due(line.points, line, line.points_back, number)
            parts[line_id] = Part(0, line.sku, number, kept, fen, fen, points)
        freight = 0 if kind == "exchange" else self._freight(order, reason, parts)
        return Case("", order, kind, reason, parts, freight)

    @staticmethod
    def _due(amount: int, line: Line, given: int, pieces: int) -> int:
        wanted = share(amount, line.quantity, line.counted + pieces) - given
        return min(max(0, wanted), amount - given)

    def _freight(self, order: Order, reason: str, parts: dict[int, Part]) -> int:
        left = order.freight - sum(case.freight for case in order.live_cases)
        counted = {pk: parts[pk].quantity if pk in parts else 0 for pk in order.lines}
        whole = all(line.counted + counted[pk] == line.quantity for pk, line in order.lines.items())
        unsent = whole and not any(line.shipped for line in order.lines.values())
        sent = any(part.quantity > part.unshipped for part in parts.values())
        return left if unsent or (reason in FAULTS and sent) else 0

    def open_case(self, case: Case) -> None:
        case.order.cases.append(case)
        self._speak_for(case, 1)

    def _speak_for(self, case: Case, sign: int) -> None:
        for line_id, part in case.parts.items():
            line = case.order.lines[line_id]
            line.refunding += sign * part.quantity
            line.refunding_fen += sign * part.entitled
            line.withdrawing += sign * part.unshipped
            if case.kind != "exchange":
                line.counted += sign * part.quantity
                line.entitled += sign * part.entitled
                line.points_back += sign * part.points

    def drop_case(self, case: Case, state: str) -> None:
        case.state = state
        self._speak_for(case, -1)

    def pay_back(self, case: Case, at: datetime) -> None:
        """What was granted goes back, and what hangs on it."""
        order, before = case.order, case.order.kept
        for line_id, part in case.parts.items():
            line = order.lines[line_id]
            line.refunding -= part.quantity
            line.refunding_fen -= part.entitled
            line.withdrawing -= part.unshipped
            line.refunded += part.quantity
            line.refunded_fen += part.amount
            line.withdrawn += part.unshipped
        order.refunded += case.money
        order.freight_back += case.freight
        case.state = "done"
        if case.money:
            case.state = "refunding"
            self._refund(order, case.money, at, case)
        if order.is_whole:
            self._free_coupon(order)
        order.member.earn(sum(part.points for part in case.parts.values()))
        if order.received_at is not None and order.goods:
            earned, goods = order.points_earned, order.goods
            order.member.take_back(earned * before // goods - earned * order.kept // goods)
        if order.is_whole and order.status in ("paid", "part_shipped", "shipped"):
            self._end(order, "refunded", at)
        self._all_sent(order, at)

    def inspect(self, case: Case, grades: dict[int, Counter[str]]) -> None:
        """What came back is stock again, or a defect; what is missing is not paid for."""
        for line_id, part in case.parts.items():
            found = grades[line_id]
            sku = case.order.lines[line_id].sku
            self.on_hand[sku] += found["A"]
            self.defective[sku] += found["B"] + found["C"]
            missing = part.quantity - part.unshipped - found.total()
            part.amount -= share(part.amount, part.quantity, missing)
        case.state = "inspected"

    def resend(self, case: Case, parcel: str) -> None:
        for line_id, part in case.parts.items():
            case.order.lines[line_id].refunding -= part.quantity
            self.on_hand[part.sku] -= part.quantity
        case.order.parcels[parcel] = False
        case.state = "done"

    def send_refund(self, order: Order, refund: Refund, mood: str, at: datetime) -> None:
        """One try: by the provider's mood it is done, refused, or nobody knows."""
        known = refund.attempts > 0 and refund.is_sent
        wait = BACKOFF_SECONDS[min(refund.attempts, len(BACKOFF_SECONDS) - 1)]
        refund.attempts += 1
        refund.next_at = at + timedelta(seconds=wait)
        if refund.payment.provider == "wallet":
            order.member.wallet += refund.amount
            mood = "well"
        if known or mood == "well":
            self._refund_done(order, refund)
        elif mood == "unheard":
            refund.is_sent = True
        elif mood == "refusing" and refund.attempts >= MOST_REFUSALS:
            refund.state = "failed"

    def _refund_done(self, order: Order, refund: Refund) -> None:
        refund.state, refund.is_sent = "succeeded", True
        case = refund.case
        if case is not None and case.state == "refunding":
            rest = [r for r in order.refunds if r.case is case and r.state != "succeeded"]
            if not rest:
                case.state = "done"
