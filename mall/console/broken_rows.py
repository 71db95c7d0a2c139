"""What the judge names, said in the reader's language, with the way to its screen.

Laws and balances name their rows in SQL ("stock 7 (sku 3, warehouse 1)"), for programs and files;
the page says the same in words, and sums of money in yuan. A test holds this list against every
law and balance.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.console.navigation import list_url, may_see, row_url
from mall.kernel.balances import Unit, balances
from mall.kernel.invariants.models import AuditFinding
from mall.kernel.money import yuan
from orders.presenting import provider_title

KEY = r"[^,() ]+"


@dataclass(frozen=True, slots=True)
class Named:
    """One shape of a row's name, how it is said, and the list where ``screen`` is found:
    by the row's ``id``, or by searching for its ``number``."""

    shape: re.Pattern[str]
    says: str | Promise
    screen: str = ""


def _named(shape: str, says: str | Promise, screen: str = "") -> Named:
    """Raw spaces of a shape stand for themselves, ``<id>`` for a key of that name."""
    return Named(re.compile(re.sub(r"<(\w+)>", rf"(?P<\1>{KEY})", shape)), says, screen)


NAMES = (
    _named(
        r"stock <id> \(sku <sku>, warehouse <place>\)",
        gettext_lazy("stock row %(id)s (SKU no. %(sku)s, warehouse no. %(place)s)"),
        "inventory.StockItem",
    ),
    _named("stock <id>", gettext_lazy("stock row %(id)s"), "inventory.StockItem"),
    _named("movement <id>", gettext_lazy("stock movement %(id)s"), "inventory.StockMovement"),
    _named(
        "reservation <id> of activity <campaign>",
        gettext_lazy("reservation %(id)s of activity %(campaign)s"),
        "inventory.Reservation",
    ),
    _named(
        "reservation <id> of <owner>",
        gettext_lazy("reservation %(id)s of %(owner)s"),
        "inventory.Reservation",
    ),
    _named("line <id> of order <order>", gettext_lazy("line %(id)s of order no. %(order)s")),
    _named(
        "line <id> of <number>", gettext_lazy("line %(id)s of order %(number)s"), "orders.Order"
    ),
    _named("line <id>", gettext_lazy("line %(id)s of an order")),
    _named("order <number>", gettext_lazy("order %(number)s"), "orders.Order"),
    _named("sub-order <number>", gettext_lazy("sub-order %(number)s"), "orders.SubOrder"),
    _named("case <number>", gettext_lazy("after-sales case %(number)s"), "orders.AfterSale"),
    _named("compensation <number>", gettext_lazy("compensation %(number)s"), "orders.Compensation"),
    _named("payment <number>", gettext_lazy("payment %(number)s"), "orders.Payment"),
    _named("refund <number>", gettext_lazy("refund %(number)s"), "orders.Refund"),
    _named("review <id>", gettext_lazy("review %(id)s"), "orders.Review"),
    _named("product <id>", gettext_lazy("product no. %(id)s"), "catalog.Product"),
    _named(
        "campaign <id>, member <member>",
        gettext_lazy("campaign no. %(id)s, member no. %(member)s"),
        "promotions.Campaign",
    ),
    _named("campaign <id>", gettext_lazy("campaign no. %(id)s"), "promotions.Campaign"),
    _named(
        "activity <id>, sku <sku>",
        gettext_lazy("activity no. %(id)s, SKU no. %(sku)s"),
        "promotions.Campaign",
    ),
    _named(
        "flash sale <id>, sku <sku>",
        gettext_lazy("flash sale no. %(id)s, SKU no. %(sku)s"),
        "promotions.Campaign",
    ),
    _named(
        "item <item>, member <id>",
        gettext_lazy("row %(item)s of an activity, member no. %(id)s"),
        "members.Member",
    ),
    _named(
        "coupon <number>, member <member>",
        gettext_lazy("coupon %(number)s, member no. %(member)s"),
        "promotions.Coupon",
    ),
    _named("coupon <number>", gettext_lazy("coupon %(number)s"), "promotions.Coupon"),
    _named("grant <id>", gettext_lazy("member's coupon %(id)s"), "promotions.CouponGrant"),
    _named("code <id>", gettext_lazy("coupon code no. %(id)s")),
    _named("team <number>", gettext_lazy("group %(number)s"), "promotions.Team"),
    _named("bargain <number>", gettext_lazy("bargain %(number)s"), "promotions.BargainStart"),
    _named("red packet <id>", gettext_lazy("red packet no. %(id)s"), "promotions.RedPacket"),
    _named("fund <id>", gettext_lazy("red packet fund no. %(id)s"), "promotions.RedPacketFund"),
    _named("prize <id>", gettext_lazy("prize no. %(id)s")),
    _named("points of member <id>", gettext_lazy("points of member no. %(id)s"), "members.Member"),
    _named("growth of member <id>", gettext_lazy("growth of member no. %(id)s"), "members.Member"),
    _named("wallet of member <id>", gettext_lazy("wallet of member no. %(id)s"), "members.Member"),
    _named("member <id> on <day>", gettext_lazy("member no. %(id)s on %(day)s"), "members.Member"),
    _named("member <id>", gettext_lazy("member no. %(id)s"), "members.Member"),
    _named("account <id>", gettext_lazy("account no. %(id)s"), "members.Account"),
    _named("sign-in <id>", gettext_lazy("sign-in no. %(id)s")),
    _named("SMS code <id>", gettext_lazy("SMS code no. %(id)s")),
    _named("report of <day>", gettext_lazy("daily report of %(day)s")),
    _named("ledger transaction <id>", gettext_lazy("entry of the book no. %(id)s")),
    _named("donations", gettext_lazy("the shop's donations")),
    _named("escrow", gettext_lazy("money held for orders (escrow)")),
    _named("surplus", gettext_lazy("surplus money")),
    _named("provider:<provider>", gettext_lazy("money at the provider: %(provider)s")),
    _named("supplier:<code>", gettext_lazy("owed to the supplier %(code)s"), "inventory.Supplier"),
    Named(
        re.compile(r"(?P<event>\w+\.\w+) (?P<id>[\w-]+)"),
        gettext_lazy("event %(event)s, %(id)s"),
    ),
)
"""The more telling shape comes first."""
DIFFERENCE = re.compile(r"(?P<name>.+): (?P<kept>-?\d+|None) <> (?P<rebuilt>-?\d+|None)")


def words_of(finding_row: str, *, unit: Unit = Unit.COUNT) -> str:
    """A row's name in the reader's language, for a balance with what is kept and what adds up."""
    differing = DIFFERENCE.fullmatch(finding_row)
    if differing is None:
        return _words(finding_row)
    facts = {
        "name": _words(differing["name"]),
        "kept": _figure(differing["kept"], unit),
        "rebuilt": _figure(differing["rebuilt"], unit),
    }
    return _("%(name)s: %(kept)s is kept, its entries add up to %(rebuilt)s") % facts


def link_of(request: HttpRequest, finding_row: str) -> str:
    """The screen of a named row; empty where there is none, or this operator may not open it."""
    differing = DIFFERENCE.fullmatch(finding_row)
    found = _found(differing["name"] if differing else finding_row)
    if found is None or not found[0].screen:
        return ""
    named, keys = found
    if "number" in keys:
        seen = may_see(request, named.screen)
        return list_url(named.screen, f"q={keys['number']}") if seen else ""
    return row_url(request, named.screen, keys["id"]) if keys["id"].isdigit() else ""


def unit_of(finding: AuditFinding | None) -> Unit:
    """What the figures of a finding count."""
    if finding is None or finding.kind != AuditFinding.Kind.BALANCE:
        return Unit.COUNT
    return next((one.unit for one in balances() if one.code == finding.code), Unit.COUNT)


def _found(name: str) -> tuple[Named, Mapping[str, str]] | None:
    for named in NAMES:
        if match := named.shape.fullmatch(name):
            return named, match.groupdict()
    return None


def _words(name: str) -> str:
    """A name of a shape that nobody listed stays as it is."""
    found = _found(name)
    if found is None:
        return name
    named, keys = found
    if "provider" in keys:
        keys = {**keys, "provider": provider_title(keys["provider"])}
    return str(named.says) % keys


def _figure(text: str, unit: Unit) -> str:
    if text == "None":
        return _("nothing")
    if unit == Unit.COUNT:
        return text
    return f"¥{yuan(int(text))}" if unit == Unit.FEN else yuan(int(text))
