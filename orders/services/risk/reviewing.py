"""Risk as a reason to look at a paid order before it is packed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from orders.models import Order, RiskDecision
from orders.services.fulfilment.review_rules import Answers, ReviewReason, ReviewRule


def _ask_judgement(at: datetime) -> Mapping[str, Any]:
    """The last judgement of the order's payment."""
    known = RiskDecision.objects.filter(order=OuterRef("pk"), at__lte=at).order_by("-at", "-pk")
    said = known.values(said=JSONObject(verdict="verdict", reasons="reasons"))
    return {"risk_judgement": Subquery(said[:1])}


def _grave(_order: Order, told: Answers) -> list[ReviewReason]:
    last = told["risk_judgement"]
    if last is None or last["verdict"] != RiskDecision.Verdict.REVIEW:
        return []
    return [
        ReviewReason(f"risk_{reason['code']}", {"n": reason["count"]}) for reason in last["reasons"]
    ]


risk_reasons = ReviewRule(_grave, _ask_judgement)
"""What the last judgement of the order's payment found grave."""
