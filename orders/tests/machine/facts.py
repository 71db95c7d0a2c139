"""What the model keeps: members, orders with their lines and payments, cases. No database.

Units: fen, pieces, points.
"""

from dataclasses import dataclass, field
from datetime import datetime

OPEN_CASES = ("requested", "awaiting_return", "returning", "inspected", "refunding")


@dataclass
class Member:
    id: int
    points: int
    wallet: int
    coupons: dict[int, tuple[str, str]]
    debt: int = 0

    def earn(self, points: int) -> None:
        """A debt is paid from what comes next."""
        paid = min(self.debt, points)
        self.debt -= paid
        self.points += points - paid

    def take_back(self, points: int) -> None:
        """What is not there any more is owed."""
        taken = min(points, self.points)
        self.points -= taken
        self.debt += points - taken


@dataclass
class Line:
    id: int
    sku: int
    quantity: int
    payable: int
    points: int
    shipped: int = 0
    refunding: int = 0
    refunding_fen: int = 0
    refunded: int = 0
    refunded_fen: int = 0
    withdrawing: int = 0
    withdrawn: int = 0
    counted: int = 0
    entitled: int = 0
    points_back: int = 0

    @property
    def free(self) -> int:
        return self.quantity - self.refunding - self.refunded

    @property
    def to_settle(self) -> int:
        return self.quantity - self.shipped - self.withdrawn

    @property
    def to_ship(self) -> int:
        return self.to_settle - self.withdrawing

    @property
    def unshipped(self) -> int:
        return min(self.free, self.to_ship)


@dataclass
class Payment:
    no: str
    provider: str
    amount: int
    expires_at: datetime
    query_at: datetime | None
    ours: str = "pending"
    theirs: str = "pending"
    queries: int = 0
    surplus: bool = False


@dataclass
class Refund:
    payment: Payment
    amount: int
    next_at: datetime
    case: "Case | None" = None
    state: str = "pending"
    attempts: int = 0
    is_sent: bool = False


@dataclass
class Part:
    """Pieces of one line in one case; ``id`` is the case line's, ``sku`` what an exchange sends."""

    id: int
    sku: int
    quantity: int
    unshipped: int
    entitled: int
    amount: int
    points: int


@dataclass
class Case:
    number: str
    order: "Order"
    kind: str
    reason: str
    parts: dict[int, Part]
    freight: int
    due_at: datetime | None = None
    state: str = "requested"

    @property
    def money(self) -> int:
        return sum(part.amount for part in self.parts.values()) + self.freight


@dataclass
class Order:
    id: int
    number: str
    member: Member
    lines: dict[int, Line]
    payable: int
    freight: int
    points_used: int
    points_earned: int
    coupon: int | None
    expires_at: datetime
    status: str = "unpaid"
    in_review: bool = False
    reason: str = ""
    paid: int = 0
    refunded: int = 0
    freight_back: int = 0
    settled: int | None = None
    compensated: int = 0
    closed_at: datetime | None = None
    received_at: datetime | None = None
    receive_due_at: datetime | None = None
    payments: list[Payment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    parcels: dict[str, bool] = field(default_factory=dict)

    @property
    def goods(self) -> int:
        return sum(line.payable for line in self.lines.values())

    @property
    def kept(self) -> int:
        return self.goods - sum(line.refunded_fen for line in self.lines.values())

    @property
    def is_whole(self) -> bool:
        return all(line.refunded == line.quantity for line in self.lines.values())

    @property
    def has_open_case(self) -> bool:
        return any(case.state in OPEN_CASES for case in self.cases)

    @property
    def live_cases(self) -> list[Case]:
        return [case for case in self.cases if case.state not in ("refused", "cancelled")]
