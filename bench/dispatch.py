"""How long a coupon takes to reach a segment: 100,000 members, one worker, a tenth held back.

Run: python bench/dispatch.py [members]. Fills a database of its own (dropped at the end) on the
servers the tests use, serves one dispatch through the verb the worker calls, runs it again, and
prints the time on this machine. Exits non-zero when a member got two copies or a rerun issued any.
"""

# ruff: noqa: E402 - the settings are named before what reads them is imported
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings_test")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django

django.setup()

from django.db import connections

from mall.kernel.notify.models import Message
from mall.kernel.testing.database import TestDatabase
from members.models import Account, Member, Segment, SegmentMember, Tier
from promotions.models import CouponDispatch, CouponGrant, CouponHoldout
from promotions.services import run_dispatches, start_dispatch
from promotions.testing import make_coupon

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
MEMBERS, CHUNK, CONTROL_BP = 100_000, 5_000, 1_000


def crowd(size: int) -> Segment:
    """A segment of so many members, with the rows a dispatch looks at and no others."""
    tier = Tier.objects.order_by("threshold_fen")[0]
    segment = Segment.objects.create(code="crowd", title_zh="大家", title_en="All", size=size)
    for first in range(0, size, CHUNK):
        accounts = Account.objects.bulk_create(
            Account(phone=f"13{number:09}") for number in range(first, first + CHUNK)
        )
        members = Member.objects.bulk_create(
            Member(account=account, nickname="会员", tier=tier, joined_at=AT)
            for account in accounts
        )
        SegmentMember.objects.bulk_create(
            SegmentMember(segment=segment, member=member) for member in members
        )
    return segment


def main(size: int) -> int:
    """Fill, dispatch, dispatch again, print; 1 when a promise was broken."""
    coupon, segment = make_coupon(total=size * 2), crowd(size)
    start_dispatch(coupon=coupon, segment=segment, scheduled_at=AT, control_bp=CONTROL_BP, at=AT)
    begun, worked = perf_counter(), process_time()
    issued = run_dispatches(AT)
    whole, worked = perf_counter() - begun, process_time() - worked
    dispatch = CouponDispatch.objects.get()
    CouponDispatch.objects.update(status="running", cursor=0)
    again = run_dispatches(AT)
    copies = CouponGrant.objects.count()
    served = CouponGrant.objects.values("member").distinct().count()
    kept = issued == copies == served == size - CouponHoldout.objects.count() and again == 0
    print(  # noqa: T201 - a bench prints
        f"dispatch: {size} members, {issued} copies, {dispatch.held} held back,"
        f" {Message.objects.count()} messages: {whole:.1f} s, {worked:.1f} s of it this process's"
        f" own ({size / whole:.0f} members/s); rerun issued {again};"
        f" promises {'kept' if kept else 'BROKEN'}"
    )
    return 0 if kept else 1


if __name__ == "__main__":
    database = TestDatabase(connections["default"])
    database.create(rebuild=False)
    try:
        broken = main(int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS)
    finally:
        connections.close_all()
        database.drop()
    sys.exit(broken)
