"""Reads of red packets and draws. Source: requirements P-35, M-32."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet, Sum

from mall.kernel import clock
from mall.kernel.errors import NotFound
from promotions.chance import odds_ppm
from promotions.models import Draw, DrawDay, Lottery, Prize, RedPacket, RedPacketClaim

CLAIMS_SHOWN, LOTTERIES_SHOWN = 100, 5


@dataclass(frozen=True, slots=True)
class PacketView:
    """A packet, the shares taken so far, and the reader's own."""

    packet: RedPacket
    claims: Sequence[RedPacketClaim]
    mine: RedPacketClaim | None

    def state(self, at: datetime) -> str:
        """mine, open, empty or over, as it concerns the reader."""
        if self.mine is not None:
            return "mine"
        if self.packet.left_shares and self.packet.closed_at is None and at < self.packet.ends_at:
            return "open"
        return "empty" if not self.packet.left_fen and not self.packet.returned_fen else "over"


@dataclass(frozen=True, slots=True)
class PrizeOdds:
    """A prize with its odds now, in millionths."""

    prize: Prize
    odds_ppm: int


@dataclass(frozen=True, slots=True)
class PrizeReport:
    """What became of a prize: pieces drawn, and draws that met it when it was gone."""

    prize: Prize
    drawn: int
    missed: int
    cost_fen: int


def packet_view(code: str, member_id: int | None) -> PacketView:
    """The packet behind a link. Raises: NotFound. Queries: 2, and 1 for a member."""
    packet = RedPacket.objects.select_related("fund", "opener").filter(code=code).first()
    if packet is None:
        raise NotFound
    claims = packet.claims.select_related("member").order_by("-position")[:CLAIMS_SHOWN]
    mine = packet.claims.filter(member_id=member_id).first() if member_id else None
    return PacketView(packet=packet, claims=list(claims), mine=mine)


def packet_of_order(order_number: str) -> RedPacket | None:
    """The packet that came with an order. Queries: 1."""
    found: RedPacket | None = RedPacket.objects.filter(order_number=order_number).first()
    return found


def packets_of(member_id: int) -> QuerySet[RedPacket]:
    """The packets a member has opened, newest first; the reader pages it."""
    return RedPacket.objects.filter(opener_id=member_id).order_by("-pk")


def open_lotteries(at: datetime) -> list[Lottery]:
    """Those in which one can draw now, the one that ends first before the others. Queries: 1."""
    return list(Lottery.objects.open_at(at).order_by("ends_at", "pk")[:LOTTERIES_SHOWN])


def public_lottery(lottery_id: int) -> Lottery:
    """A lottery that was published. Raises: NotFound. Queries: 1."""
    found: Lottery | None = (
        Lottery.objects.exclude(status=Lottery.Status.DRAFT).filter(pk=lottery_id).first()
    )
    if found is None:
        raise NotFound
    return found


def prize_odds(lottery: Lottery) -> list[PrizeOdds]:
    """Every prize with its odds as they are at this moment. Queries: 1."""
    prizes = list(lottery.prizes.select_related("coupon"))
    blank = next((n for n, p in enumerate(prizes) if p.kind == Prize.Kind.NOTHING), None)
    if blank is None or not any(prize.weight for prize in prizes):
        return []
    odds = odds_ppm([p.weight for p in prizes], [p.left == 0 for p in prizes], blank)
    return [PrizeOdds(prize, ppm) for prize, ppm in zip(prizes, odds, strict=True)]


def draws_left(lottery: Lottery, member_id: int, at: datetime) -> int:
    """How often the member may draw today. Queries: 1."""
    day = DrawDay.objects.filter(lottery=lottery, member_id=member_id, day=clock.day_of(at))
    used = day.values_list("used", flat=True).first() or 0
    return max(lottery.draws_a_day - used, 0)


def draws_of(lottery: Lottery, member_id: int) -> QuerySet[Draw]:
    """What a member has drawn, newest first; the reader pages it."""
    found: QuerySet[Draw] = lottery.draws.filter(member_id=member_id).select_related("prize")
    return found.order_by("-pk")


def lottery_report(lottery: Lottery) -> list[PrizeReport]:
    """What became of every prize. Queries: 3."""
    drawn = _counts(lottery, "prize")
    missed = _counts(lottery, "missed")
    return [
        PrizeReport(
            prize=prize,
            drawn=drawn.get(prize.pk, 0),
            missed=missed.get(prize.pk, 0),
            cost_fen=drawn.get(prize.pk, 0) * prize.amount_fen,
        )
        for prize in lottery.prizes.all()
    ]


def _counts(lottery: Lottery, column: str) -> dict[int, int]:
    rows = lottery.draws.order_by().values_list(f"{column}_id").annotate(n=Count("pk"))
    return {pk: n for pk, n in rows if pk is not None}


def packet_totals(fund_ids: Collection[int]) -> dict[int, tuple[int, int, int]]:
    """By fund: packets opened, shares taken, fen taken. Queries: 2."""
    opened = RedPacket.objects.filter(fund__in=fund_ids).order_by().values_list("fund_id")
    packets = dict(opened.annotate(n=Count("pk")))
    taken = (
        RedPacketClaim.objects.filter(packet__fund__in=fund_ids)
        .order_by()
        .values_list("packet__fund_id")
        .annotate(n=Count("pk"), fen=Sum("amount_fen"))
    )
    claims = {fund_id: (n, fen) for fund_id, n, fen in taken}
    return {pk: (n, *claims.get(pk, (0, 0))) for pk, n in packets.items()}
