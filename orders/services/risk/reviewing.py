"""Risk as a reason to look at a paid order before it is packed."""

from datetime import datetime

from orders.models import Order, RiskDecision
from orders.services.fulfilment.review_rules import ReviewReason


def risk_reasons(order: Order, at: datetime) -> list[ReviewReason]:
    """What the last judgement of the order's payment found grave. Queries: 1."""
    last = RiskDecision.objects.filter(order=order, at__lte=at).order_by("-at", "-pk").first()
    if last is None or last.verdict != RiskDecision.Verdict.REVIEW:
        return []
    return [
        ReviewReason(f"risk_{reason['code']}", {"n": reason["count"]}) for reason in last.reasons
    ]
