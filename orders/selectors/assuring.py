"""What a buyer may rely on before paying: the days to send goods back, and how the shop words it.

Source: requirements O-44, O-54.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache

from orders.models import AfterSalePolicy, Order, OrderLine
from orders.refunds import Window

POLICIES_KEY, POLICIES_SECONDS = "orders.return_promises", 60
SAID = ("no_reason_days", "quality_days", "exchange_days", "note_zh", "note_en")
Said = tuple[int, int, int, str, str]


@dataclass(frozen=True, slots=True)
class ReturnPromise:
    """What the page of a product says of sending it back: the days, and the shop's own words."""

    window: Window
    note_zh: str = ""
    note_en: str = ""


def return_promise(category_path: Sequence[int]) -> ReturnPromise:
    """How goods of a category (its path, root first) may come back, as their page says it; what a
    buyer asks for is judged by the rows themselves. Queries: 1, none within a minute of the
    last."""
    known: Mapping[int | None, Said]
    known = cache.get_or_set(POLICIES_KEY, _all_promises, POLICIES_SECONDS) or _all_promises()
    said = next((known[pk] for pk in reversed(category_path) if pk in known), known.get(None))
    if said is None:
        return ReturnPromise(Window())
    usual, faults, swap, note_zh, note_en = said
    return ReturnPromise(Window(usual, faults, swap), note_zh, note_en)


def _all_promises() -> dict[int | None, Said]:
    rows = AfterSalePolicy.objects.values_list("category_id", *SAID)
    return {category_id: tuple(said) for category_id, *said in rows}


def return_days(category_paths: Iterable[Sequence[int]]) -> int:
    """The days without a reason that all goods of these categories (root first) have; 0 when some
    cannot be sent back so. Queries: 1."""
    rows = AfterSalePolicy.objects.values_list("category_id", "no_reason_days")
    days: dict[int | None, int] = dict(rows)
    usual = days.get(None, AfterSalePolicy().no_reason_days)
    return min(
        (next((days[pk] for pk in reversed(path) if pk in days), usual) for path in category_paths),
        default=usual,
    )


def return_days_of(order: Order) -> int:
    """The same of the goods of an order; gifts go with what they came with. Queries: 2."""
    lines = OrderLine.objects.filter(order=order, is_gift=False, product__isnull=False)
    return return_days(lines.values_list("product__category__path_ids", flat=True))
