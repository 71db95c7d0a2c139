"""What is looked at once before a product goes on sale, beside what it must have. Source: C-33.

The catalogue knows prices, not stock: whoever knows more registers a gate from its ``apps.py``.
"""

import dataclasses
from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from catalog.errors import PriceGradientRefused, ProductUnderComplaint
from catalog.models import Complaint, PriceGuard, Product
from catalog.pricing import spread_is_too_wide
from catalog.selectors.prices import price_guard, prices_at


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a product's prices: a code, and the words for it."""

    code: str
    words: str


Gate = Callable[[Product, datetime], Iterable[Finding]]
_gates: list[Gate] = []


def register_publish_gate(gate: Gate) -> None:
    """Let ``gate(product, at)`` look at every product before it goes on sale."""
    if gate not in _gates:
        _gates.append(gate)


def gradient_findings(product: Product, at: datetime) -> list[Finding]:
    """What is wrong with a product's price gradient, in words. Queries: 3 and those of gates."""
    findings = [finding for gate in _gates for finding in gate(product, at)]
    skus = product.skus.filter(is_active=True, is_gift_only=False)
    tags = prices_at(list(skus.values_list("pk", flat=True)), at)
    prices = [tag.price_fen for tag in tags.values()]
    if spread_is_too_wide(prices, price_guard().spread_bp):
        findings.append(Finding("wide_spread", _("The price spread is too wide")))
    return findings


def check_no_complaint(product: Product) -> None:
    """Raises: ProductUnderComplaint while a case keeps the product off sale (C-63). Queries: 1."""
    held = Complaint.objects.holding().filter(product=product).order_by("pk").first()
    if held is not None:
        raise ProductUnderComplaint(title=product.title_zh, number=held.number)


def check_gradient(product: Product, at: datetime) -> None:
    """Raises: PriceGradientRefused with every finding, unless the shop only warns of them."""
    findings = gradient_findings(product, at)
    if findings and price_guard().gradient_answer == PriceGuard.Answer.BLOCK:
        words = _(", ").join(finding.words for finding in findings)
        raise PriceGradientRefused(title=product.title_zh, findings=words)
