"""The last step of a case whose money has gone: apart, because the sending of refunds calls it."""

from datetime import datetime

from orders.models import AfterSale
from orders.services.after_sales.stepping import step

State = AfterSale.State


def finish_paid(case_id: int, *, at: datetime) -> bool:
    """The provider has sent a refund of the case: done when it was the last one. The caller holds
    the order. Queries: 2, 2 more when it is done."""
    case = AfterSale.objects.filter(pk=case_id).locked().get()
    if case.state != State.REFUNDING or case.refunds.filter(succeeded_at__isnull=True).exists():
        return False
    step(case, State.DONE, at=at)
    return True
