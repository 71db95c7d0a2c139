"""Products that somebody keeps in mind."""

from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.models import Favourite, Product
from mall.kernel.errors import NotFound


@transaction.atomic
def toggle_favourite(*, account: Any, product_id: int, at: datetime) -> bool:
    """Keep a product in mind, or let it go; True when it is kept now. Raises: NotFound."""
    if not Product.objects.on_shelf(at).filter(pk=product_id).exists():
        raise NotFound
    deleted, _rows = Favourite.objects.filter(account=account, product_id=product_id).delete()
    if deleted:
        return False
    Favourite.objects.get_or_create(account=account, product_id=product_id, defaults={"at": at})
    return True
