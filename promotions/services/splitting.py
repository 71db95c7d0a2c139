"""裂变红包: a packet is opened, shared, and its rest goes back. Source: requirement P-35, INV-23.

Every claim locks the packet's row before it looks: what is left, and who had a share already, is
then what it is. The share is drawn on the server by ``secrets``.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from mall.kernel import audit, ledger
from mall.kernel.errors import InvalidInput, NotFound
from members.errors import PhoneNeeded
from members.models import Account, Member, WalletEntry
from members.services import credit_wallet, debit_wallet
from promotions.chance import draw_share
from promotions.errors import PacketEmpty, PacketFundClosed, PacketOver, PacketTaken
from promotions.models import RedPacket, RedPacketClaim, RedPacketFund
from promotions.services.funding import return_budget, spend_budget
from promotions.services.giving import ALPHABET

CODE_LETTERS = 20  # 100 bits: whoever has the link may take a share, so nobody may guess it
MOST_FEN, MOST_SHARES = 20_000, 100  # of a packet from a member's wallet
FROM_WALLET = timedelta(hours=24)
MARKETING = "marketing"


@transaction.atomic
def open_packet(*, fund_id: int, actor: Account, at: datetime) -> RedPacket:
    """An operator opens a packet of the fund. Locks: the fund. Raises: PacketFundClosed,
    PacketFundSpent."""
    fund = RedPacketFund.objects.open_at(at).filter(pk=fund_id).first()
    if fund is None:
        raise PacketFundClosed
    packet = _open_of(fund, at)
    audit.record(
        actor=actor,
        verb="promotions.open_packet",
        target=packet,
        at=at,
        after={"fund": fund.pk, "total_fen": packet.total_fen, "shares": packet.shares},
    )
    return packet


@transaction.atomic
def open_order_packet(
    *, order_number: str, member_id: int, paid_fen: int, at: datetime
) -> RedPacket | None:
    """Give who has paid a packet to share, once an order; None when no fund has one.

    Locks: the fund. Queries: 2, and 7 for a packet.
    """
    known = RedPacket.objects.filter(order_number=order_number).first()
    if known is not None:
        return known
    funds = RedPacketFund.objects.open_at(at).filter(
        is_for_orders=True, order_from_fen__lte=paid_fen
    )
    for fund in funds.order_by("-order_from_fen", "pk"):
        if fund.spent_fen + fund.total_fen <= fund.budget_fen:
            return _open_of(fund, at, opener_id=member_id, order_number=order_number)
    return None


@transaction.atomic
def send_packet(*, member_id: int, total_fen: int, shares: int, at: datetime) -> RedPacket:
    """A member puts money of the wallet into a packet.

    Locks: the wallet. Raises: InvalidInput, NotEnoughMoney.
    """
    if not 1 <= shares <= MOST_SHARES:
        raise InvalidInput(field="shares", allowed=f"1-{MOST_SHARES}")
    if not shares <= total_fen <= MOST_FEN:
        raise InvalidInput(field="total_fen", allowed=f"{shares}-{MOST_FEN}")
    packet = _new(total_fen, shares, at, at + FROM_WALLET, opener_id=member_id)
    debit_wallet(
        member_id=member_id,
        amount_fen=total_fen,
        kind=WalletEntry.Kind.PACKET_SENT,
        reference=packet.code,
        other_side=packet.ledger_code,
        at=at,
    )
    return packet


@transaction.atomic
def claim_packet(*, code: str, member_id: int, at: datetime) -> RedPacketClaim:
    """Take one share of a packet into the wallet; a member takes one.

    Locks: the packet, then the wallet. Queries: 17. Raises: NotFound, PhoneNeeded, PacketTaken,
    PacketOver, PacketEmpty.
    """
    packet = _found(code)
    _refuse(packet, member_id, at)  # most who come too late need no lock to hear it
    _refuse_nobody(member_id)
    packet = locked_packet(packet.pk)
    _refuse(packet, member_id, at)
    amount_fen = draw_share(packet.left_fen, packet.left_shares, secrets.randbelow)
    packet.left_fen -= amount_fen
    packet.left_shares -= 1
    packet.closed_at = None if packet.left_shares else at
    packet.save(update_fields=["left_fen", "left_shares", "closed_at"])
    claim = RedPacketClaim.objects.create(
        packet=packet,
        member_id=member_id,
        position=packet.shares - packet.left_shares,
        amount_fen=amount_fen,
        at=at,
    )
    credit_wallet(
        member_id=member_id,
        amount_fen=amount_fen,
        kind=WalletEntry.Kind.RED_PACKET,
        reference=f"{packet.code}:{member_id}",
        other_side=packet.ledger_code,
        at=at,
    )
    return claim


def return_packets(at: datetime, limit: int = 500) -> int:
    """Return the rest of packets whose time is up; returns how many. One transaction a packet."""
    over = RedPacket.objects.over_at(at).order_by("ends_at", "pk")
    return sum(close_packet(pk, at=at) for pk in list(over.values_list("pk", flat=True)[:limit]))


def end_order_packet(*, order_number: str, at: datetime) -> bool:
    """The order's money went back: what nobody took of its packet does too. True when it did."""
    found = RedPacket.objects.filter(order_number=order_number, closed_at=None).first()
    return found is not None and close_packet(found.pk, at=at)


@transaction.atomic
def close_packet(packet_id: int, *, at: datetime) -> bool:
    """End a packet and give its rest to who gave it, once; False when that was done before.

    Locks: the packet, then its fund or the opener's wallet.
    """
    packet = locked_packet(packet_id)
    if packet.closed_at is not None:
        return False
    rest_fen = packet.left_fen
    packet.returned_fen, packet.left_fen, packet.left_shares = rest_fen, 0, 0
    packet.closed_at = at
    packet.save(update_fields=["returned_fen", "left_fen", "left_shares", "closed_at"])
    if packet.fund_id is None:
        assert packet.opener_id is not None, "held by red_packet_has_a_giver"
        credit_wallet(
            member_id=packet.opener_id,
            amount_fen=rest_fen,
            kind=WalletEntry.Kind.PACKET_RETURN,
            reference=packet.code,
            other_side=packet.ledger_code,
            at=at,
        )
        return True
    return_budget(packet.fund_id, rest_fen)
    ledger.post(
        kind="packet_returned",
        reference=packet.code,
        amounts_fen={packet.ledger_code: rest_fen, MARKETING: -rest_fen},
        at=at,
    )
    return True


def locked_packet(packet_id: int) -> RedPacket:
    """The packet's row, locked. Queries: 1."""
    packet: RedPacket = RedPacket.objects.locked().get(pk=packet_id)
    return packet


def _open_of(
    fund: RedPacketFund, at: datetime, *, opener_id: int | None = None, order_number: str = ""
) -> RedPacket:
    ends_at = at + timedelta(hours=fund.valid_hours)
    packet = _new(
        fund.total_fen,
        fund.shares,
        at,
        ends_at,
        fund=fund,
        opener_id=opener_id,
        order_number=order_number,
    )
    spend_budget(fund, packet.total_fen)
    ledger.post(
        kind="packet_opened",
        reference=packet.code,
        amounts_fen={MARKETING: packet.total_fen, packet.ledger_code: -packet.total_fen},
        at=at,
    )
    return packet


def _new(
    total_fen: int, shares: int, at: datetime, ends_at: datetime, **giver: object
) -> RedPacket:
    return RedPacket.objects.create(
        code="".join(secrets.choice(ALPHABET) for _n in range(CODE_LETTERS)),
        total_fen=total_fen,
        shares=shares,
        left_fen=total_fen,
        left_shares=shares,
        opened_at=at,
        ends_at=ends_at,
        **giver,
    )


def _found(code: str) -> RedPacket:
    packet: RedPacket | None = RedPacket.objects.filter(code=code).first()
    if packet is None:
        raise NotFound
    return packet


def _refuse(packet: RedPacket, member_id: int, at: datetime) -> None:
    if packet.claims.filter(member_id=member_id).exists():
        raise PacketTaken
    if packet.left_shares == 0 and not packet.returned_fen:
        raise PacketEmpty
    if packet.closed_at is not None or at >= packet.ends_at:
        raise PacketOver


def _refuse_nobody(member_id: int) -> None:
    """Money goes to people whose phone was proved; so one person has one share (P-65)."""
    if not Member.objects.filter(pk=member_id, account__phone__isnull=False).exists():
        raise PhoneNeeded
