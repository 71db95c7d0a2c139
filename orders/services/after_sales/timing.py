"""The clock of cases: goods that never came end a case."""

from datetime import datetime

from django.db import transaction

from inventory.models import ReturnIntake
from orders.errors import AfterSaleMoved
from orders.models import AfterSale
from orders.services.after_sales.requesting import close_case, locked_case, require

State = AfterSale.State


def expire_after_sales(at: datetime, limit: int = 200) -> int:
    """Close cases whose goods were not sent back in time; returns how many. Safe to run twice.

    Goods that are here came, whatever the buyer has not said of their parcel.
    """
    here = ReturnIntake.objects.filter(status=ReturnIntake.Status.ARRIVED)
    due = AfterSale.objects.filter(state=State.AWAITING_RETURN, due_at__lte=at).exclude(
        number__in=here.values("after_sale_number")
    )
    numbers = list(due.order_by("due_at", "pk").values_list("number", flat=True)[:limit])
    return sum(_expire(number, at) for number in numbers)


@transaction.atomic
def _expire(number: str, at: datetime) -> bool:
    case = locked_case(number)
    try:
        require(case, State.AWAITING_RETURN)
        close_case(case, State.CANCELLED, code="expired", at=at)
    except AfterSaleMoved:  # sent back, or here, in the meantime
        return False
    return True
