"""Who waits for which SKU. Source: requirement I-08."""

from django.db.models import QuerySet

from inventory.models import StockWatch


def is_watching(sku_id: int, account_id: int) -> bool:
    """True while this account waits for the SKU. Queries: 1."""
    return StockWatch.objects.waiting().filter(sku=sku_id, account=account_id).exists()


def watches_of(account_id: int) -> QuerySet[StockWatch]:
    """What an account waits for, newest first, with SKU and product. Queries: 1."""
    return (
        StockWatch.objects.waiting()
        .filter(account=account_id)
        .select_related("sku__product")
        .order_by("-asked_at", "-pk")
    )
