"""The book of money in words: what was booked, and which account it stands on. Rows keep codes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import WalletEntry
from orders.presenting import provider_title

KINDS: Mapping[str, str | Promise] = {
    "payment": pgettext_lazy("book", "payment of an order"),
    "refund": pgettext_lazy("book", "refund to the buyer"),
    "settlement": pgettext_lazy("book", "settlement of an order"),
    "escrow_opening": pgettext_lazy("book", "opening of the escrow"),
    "donation": pgettext_lazy("book", "donation"),
    "donation_reversed": pgettext_lazy("book", "donation taken back"),
    "inventory.loss": pgettext_lazy("book", "loss of stock"),
    "supplier_statement": pgettext_lazy("book", "statement of a supplier"),
    "supplier_payment": pgettext_lazy("book", "payment to a supplier"),
    "supplier_correction": pgettext_lazy("book", "owed to a supplier twice, taken back"),
    "packet_opened": pgettext_lazy("book", "red packet opened"),
    "packet_returned": pgettext_lazy("book", "rest of a red packet came back"),
}
ACCOUNTS: Mapping[str, str | Promise] = {
    "escrow": pgettext_lazy("book", "held for orders"),
    "sales": pgettext_lazy("book", "sales"),
    "surplus": pgettext_lazy("book", "surplus money"),
    "charity": pgettext_lazy("book", "charity"),
    "donations": pgettext_lazy("book", "donations"),
    "marketing": pgettext_lazy("book", "marketing"),
    "payouts": pgettext_lazy("book", "withdrawals"),
    "service": pgettext_lazy("book", "service compensation"),
    "provider": pgettext_lazy("book", "at the provider"),
    "wallet": pgettext_lazy("book", "wallet of member no."),
    "red_packet": pgettext_lazy("book", "red packet"),
    "supplier": pgettext_lazy("book", "supplier"),
    "stock": pgettext_lazy("book", "goods in stock"),
    "loss:stock": pgettext_lazy("book", "lost stock"),
    "purchases": pgettext_lazy("book", "purchases"),
    "supplier_deductions": pgettext_lazy("book", "deducted from suppliers"),
    "suppliers:credit": pgettext_lazy("book", "owed by suppliers"),
    "bank": pgettext_lazy("book", "bank"),
    "cash:disposals": pgettext_lazy("book", "cash of sold defects"),
    "import": pgettext_lazy("book", "brought in"),
}
WALLET, IMPORT = "wallet_", "import_"


def kind_in_words(kind: str) -> str:
    """What was booked; a kind without words stays as it is."""
    if kind in KINDS:
        return str(KINDS[kind])
    if kind.startswith(WALLET):
        words = dict(WalletEntry.Kind.choices).get(kind.removeprefix(WALLET))
        wallet = _("wallet")
        return f"{wallet} · {words}" if words else kind
    if kind.startswith(IMPORT):
        return f"{ACCOUNTS['import']} · {kind.removeprefix(IMPORT)}"
    return kind


def account_in_words(code: str) -> str:
    """An account of the book; what stands after the colon is whose it is."""
    if code in ACCOUNTS:
        return str(ACCOUNTS[code])
    head, _colon, whose = code.partition(":")
    words = str(ACCOUNTS.get(head, head))
    if head == "provider" and whose:
        return f"{words} {provider_title(whose)}"
    return f"{words} {whose}" if whose else words
