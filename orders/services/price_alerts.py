"""Who keeps goods in mind or in the cart hears of a lower price, once in 24 hours (P-67).

Carts are orders' own and favourites catalog's, so the telling lives here; catalog says what fell.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from catalog.models import Favourite, Product
from catalog.services import count_loss_sales
from mall.kernel import clock
from mall.kernel.notify import notify
from mall.kernel.notify.models import Message
from orders.messages import PRICE_DROPPED
from orders.models import CartLine, OrderLine

SILENCE = timedelta(hours=24)
MOST_PRODUCTS = 200


@transaction.atomic
def tell_of_price_drops(*, drops: Collection[tuple[int, int, int, int]], at: datetime) -> int:
    """Tell members whose favourites or cart lines became cheaper; returns how many messages.

    ``drops`` are (SKU id, product id, fen before, fen now); of a product the cheapest is told. A
    favourite hears of any SKU of its product, a cart of the SKU in it. At most one message a
    product and member within 24 hours. Queries: 1 for 200 products, and 4 for each that is news to
    somebody.
    """
    fallen: dict[int, list[tuple[int, int, int, int]]] = {}
    for drop in drops:
        fallen.setdefault(drop[1], []).append(drop)
    products, told = sorted(fallen), 0
    for start in range(0, len(products), MOST_PRODUCTS):
        batch = products[start : start + MOST_PRODUCTS]
        for product_id, words in news_of(PRICE_DROPPED, batch, at - SILENCE).items():
            told += _tell(product_id, words, fallen[product_id], at)
    return told


@transaction.atomic
def count_losses(*, number: str, at: datetime) -> None:
    """Count the paid pieces of an order against the quotas of prices below cost (C-74)."""
    rows = OrderLine.objects.filter(
        order__number=number, is_gift=False, sku__isnull=False
    ).order_by()
    pieces = dict(rows.values_list("sku_id").annotate(pieces=Sum("quantity")))
    count_loss_sales(pieces=pieces, at=at)


def news_of(
    template: str, product_ids: Collection[int], since: datetime
) -> dict[int, dict[str, str]]:
    """The names of those on sale that somebody keeps in mind or in the cart who has not heard of
    them after ``since``, of the first 200: those told make room for the next. Queries: 1."""
    kept = Favourite.objects.filter(product=OuterRef("pk"))
    lines = CartLine.objects.filter(sku__product=OuterRef("pk"), cart__member__isnull=False)
    news = Exists(kept.exclude(_heard(template, "account_id", "product_id", since))) | Exists(
        lines.exclude(_heard(template, "cart__member__account_id", "sku__product_id", since))
    )
    rows = Product.objects.on_sale().filter(news, pk__in=product_ids).order_by("pk")
    return {
        pk: {"title_zh": zh, "title_en": en or zh}
        for pk, zh, en in rows.values_list("pk", "title_zh", "title_en")[:MOST_PRODUCTS]
    }


def _heard(template: str, account: str, product: str, since: datetime) -> Exists:
    """The account in one column of the outer row was told of the product in the other."""
    said = Message.objects.annotate(said_of=KeyTextTransform("product_id", "params"))
    return Exists(
        said.filter(
            account_id=OuterRef(account),
            channel=Message.Channel.INBOX,
            at__gt=since,
            template=template,
            said_of=Cast(OuterRef(product), TextField()),
        )
    )


def _tell(
    product_id: int,
    words: Mapping[str, str],
    fallen: Collection[tuple[int, int, int, int]],
    at: datetime,
) -> int:
    _sku, _product, before_fen, now_fen = min(fallen, key=lambda drop: drop[3])
    hearers = keepers_of(product_id, [drop[0] for drop in fallen])
    hearers -= told_since(PRICE_DROPPED, hearers, product_id, at - SILENCE)
    notify(
        sorted(hearers),
        PRICE_DROPPED,
        {**words, "product_id": product_id, "before_fen": before_fen, "now_fen": now_fen},
        at=at,
        route=("storefront:product", (product_id,)),
        source=f"price:{product_id}:{clock.day_of(at)}",
    )
    return len(hearers)


def keepers_of(product_id: int, sku_ids: Collection[int] | None = None) -> set[int]:
    """Accounts that keep the product in mind, or one of the SKUs (None: any of it) in their cart.

    Queries: 2.
    """
    lines = CartLine.objects.filter(sku__product=product_id, cart__member__isnull=False)
    if sku_ids is not None:
        lines = lines.filter(sku__in=sku_ids)
    accounts = lines.order_by().values_list("cart__member__account_id", flat=True)
    favourites = Favourite.objects.filter(product=product_id)
    return set(accounts) | set(favourites.values_list("account_id", flat=True))


def told_since(
    template: str, account_ids: Collection[int], product_id: int, since: datetime
) -> set[int]:
    """Those who heard the same of this product after ``since``. Queries: 1."""
    rows = Message.objects.filter(
        account_id__in=account_ids,
        channel=Message.Channel.INBOX,
        at__gt=since,
        template=template,
        params__product_id=product_id,
    )
    return set(rows.values_list("account_id", flat=True))
