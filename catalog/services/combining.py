"""Options and the SKUs they make: 2 colours x 3 sizes are 6 SKUs. Source: requirement C-03."""

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.errors import BelowCostTermsMissing, OptionsNotValid
from catalog.models import Media, OptionValue, Product, ProductOption, Sku
from catalog.services.asking_prices import PriceWish, ask_prices
from catalog.services.bundling import check_given
from catalog.services.checking import check_still_ready
from catalog.services.indexing import index_products
from catalog.services.pricing import (
    check_price,
    judge_list_prices,
    record_prices,
    set_sku_prices,
)
from catalog.services.publishing import judge_words
from catalog.services.shelving import mark_offering, mark_shelf
from mall.kernel import audit

MAX_SKUS = 500
PRICES = ("price_fen", "list_price_fen")
OFFERING = ("is_active", "is_gift_only")


@dataclasses.dataclass(frozen=True, slots=True)
class ValuePlan:
    """One value of an axis."""

    code: str
    title_zh: str
    title_en: str = ""
    media: Media | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class OptionPlan:
    """One axis of choice with its values, in the order shown."""

    code: str
    title_zh: str
    values: Sequence[ValuePlan]
    title_en: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SkuPlan:
    """One SKU to be. Its ``options`` are option code -> value code."""

    code: str
    price_fen: int
    list_price_fen: int | None = None
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)
    barcode: str = ""
    cost_fen: int = 0
    weight_grams: int = 0
    volume_cm3: int = 0
    media: Media | None = None
    is_active: bool = True
    is_gift_only: bool = False


def options_key(options: Mapping[str, str]) -> str:
    """One text for one choice of values, whatever their order: colour=red;size=m."""
    return ";".join(f"{code}={options[code]}" for code in sorted(options))


@transaction.atomic
def set_options(
    *, product: Product, options: Iterable[OptionPlan], at: datetime, actor: Any = None
) -> None:
    """Give a product these axes and values: missing ones are made, known ones renamed, none go.

    SKUs point at values by code, so a value once sold keeps its name. Words of one on sale that ask
    for approval wait for it, unseen. Locks: the product. Raises: TextsRefused when it is on sale.
    """
    for sort, plan in enumerate(options):
        option, _made = ProductOption.objects.update_or_create(
            product=product,
            code=plan.code,
            defaults={"title_zh": plan.title_zh, "title_en": plan.title_en, "sort": sort},
        )
        for value_sort, value in enumerate(plan.values):
            OptionValue.objects.update_or_create(
                option=option,
                code=value.code,
                defaults={
                    "title_zh": value.title_zh,
                    "title_en": value.title_en,
                    "media": value.media,
                    "sort": value_sort,
                },
            )
    judge_words(product.pk, at, actor)


@transaction.atomic
def save_skus(
    *,
    product: Product,
    skus: Sequence[SkuPlan],
    at: datetime,
    actor: Any = None,
    reason: str = "",
) -> list[Sku]:
    """Make or update SKUs by code, prices with their history; returns them in the given order.

    An operator's unusual price of a SKU that is there waits for a second person.
    Locks: the product, then SKUs, pk order. Raises: OptionsNotValid, PriceNotValid,
    BelowCostTermsMissing. Emits: PricesChanged.
    """
    list(Product.objects.filter(pk=product.pk).only("pk").locked())
    axes = _axes(product)
    _check_keys(product, skus)
    known = {sku.code: sku for sku in Sku.objects.filter(code__in=[plan.code for plan in skus])}
    fresh: list[Sku] = []
    moved: list[Sku] = []
    prices: dict[int, tuple[int, int]] = {}
    for sort, plan in enumerate(skus):
        _check_plan(product, plan, axes, known.get(plan.code))
        sku = known.get(plan.code)
        if sku is None:
            if actor is not None and plan.price_fen < plan.cost_fen:
                raise BelowCostTermsMissing(sku=plan.code, cost_fen=plan.cost_fen)
            sku = Sku(product=product, code=plan.code)
            sku.price_fen, sku.list_price_fen = plan.price_fen, _list_price(plan)
            fresh.append(sku)
        else:
            prices[sku.pk] = (plan.price_fen, _list_price(plan))
            if sku.options_key != options_key(plan.options):
                moved.append(sku)
        fill_sku(sku, plan, sort)
        known[plan.code] = sku
    _store(fresh, [known[plan.code] for plan in skus if known[plan.code].pk], moved)
    record_prices(fresh, at)
    _price(prices, at, actor, reason)
    mark_offering(product.pk)
    index_products([product.pk])
    stored = {sku.code: sku for sku in Sku.objects.filter(code__in=known)}
    return [stored[plan.code] for plan in skus]


@transaction.atomic
def change_sku(
    *, sku_id: int, values: Mapping[str, Any], at: datetime, actor: Any = None, reason: str = ""
) -> Sku:
    """Change columns of one SKU; a price goes through the guards and the price history.

    An operator's unusual price waits for a second person; the SKU returned has the old one then.
    Locks: the SKU. Raises: PriceNotValid, PriceReasonMissing, BelowCostTermsMissing,
    ProductNotReady when one on sale would lack its last SKU.
    """
    sku = Sku.objects.locked().get(pk=sku_id)
    plain = {name: value for name, value in values.items() if name not in PRICES}
    if plain:
        _change_columns(sku, plain, at, actor)
    wanted = (
        values.get("price_fen", sku.price_fen),
        values.get("list_price_fen", sku.list_price_fen),
    )
    _price({sku.pk: wanted}, at, actor, reason)
    if sku.product.status == Product.Status.ON_SALE:
        check_still_ready(sku.product)
    sku.refresh_from_db()
    return sku


def _change_columns(sku: Sku, values: Mapping[str, Any], at: datetime, actor: Any) -> None:
    before = {name: str(getattr(sku, name)) for name in values}
    for name, value in values.items():
        setattr(sku, name, value)
    check_given(sku)
    if "list_price_kind" in values:
        judge_list_prices([sku], at)
    sku.save(update_fields=list(values))
    after = {name: str(getattr(sku, name)) for name in values}
    audit.record(
        actor=actor, verb="catalog.change_sku", target=sku, at=at, before=before, after=after
    )
    if any(name in values for name in OFFERING):
        record_prices([sku], at)
        mark_offering(sku.product_id)
    else:
        mark_shelf([sku.product_id])


def _price(prices: Mapping[int, tuple[int, int]], at: datetime, actor: Any, reason: str) -> None:
    """Write the system's prices; ask for an operator's."""
    if actor is None:
        set_sku_prices(prices=prices, at=at)
        return
    wishes = [
        PriceWish(sku_id=pk, price_fen=price_fen, list_price_fen=list_price_fen)
        for pk, (price_fen, list_price_fen) in prices.items()
    ]
    ask_prices(wishes=wishes, reason=reason, at=at, actor=actor)


@transaction.atomic
def build_skus(
    *,
    product: Product,
    options: Sequence[OptionPlan],
    price_fen: int,
    list_price_fen: int | None = None,
    weight_grams: int = 0,
    at: datetime,
    actor: Any = None,
) -> list[Sku]:
    """Make one SKU for every combination of option values that has none yet; returns all of them.

    Codes are the product's code and the value codes: TEE-red-m. SKUs that are there keep their
    prices. Raises: OptionsNotValid above 500 combinations; TextsRefused when it is on sale.
    """
    combinations = list(itertools.product(*[option.values for option in options]))
    if len(combinations) > MAX_SKUS:
        raise OptionsNotValid(title=product.title_zh)
    set_options(product=product, options=options, at=at, actor=actor)
    existing = set(product.skus.values_list("options_key", flat=True))
    plans = []
    for values in combinations:
        chosen = {option.code: value.code for option, value in zip(options, values, strict=True)}
        if options_key(chosen) not in existing:
            code = "-".join([product.code, *(value.code for value in values)])
            plans.append(
                SkuPlan(
                    code=code,
                    options=chosen,
                    price_fen=price_fen,
                    list_price_fen=list_price_fen,
                    weight_grams=weight_grams,
                )
            )
    save_skus(product=product, skus=plans, at=at, actor=actor)
    return list(product.skus.all())


def _axes(product: Product) -> dict[str, set[str]]:
    axes: dict[str, set[str]] = {option.code: set() for option in product.options.all()}
    for option_code, code in OptionValue.objects.filter(option__product=product).values_list(
        "option__code", "code"
    ):
        axes[option_code].add(code)
    return axes


def _check_plan(
    product: Product, plan: SkuPlan, axes: dict[str, set[str]], known: Sku | None
) -> None:
    check_price(plan.code, plan.price_fen, _list_price(plan))
    fits = set(plan.options) <= set(axes) and all(
        value in axes[code] for code, value in plan.options.items()
    )
    if not fits or (known is not None and known.product_id != product.pk):
        raise OptionsNotValid(title=product.title_zh, sku=plan.code)


def _check_keys(product: Product, plans: Sequence[SkuPlan]) -> None:
    """No two SKUs of a product may have the same options, planned or there already."""
    keys = [options_key(plan.options) for plan in plans]
    others = product.skus.exclude(code__in=[plan.code for plan in plans])
    if len(set(keys)) < len(keys) or others.filter(options_key__in=keys).exists():
        raise OptionsNotValid(title=product.title_zh)


def _list_price(plan: SkuPlan) -> int:
    return plan.price_fen if plan.list_price_fen is None else plan.list_price_fen


def fill_sku(sku: Sku, plan: SkuPlan, sort: int) -> None:
    """Give a SKU all that its plan says but its prices; saved by the caller. Queries: 0."""
    sku.options, sku.options_key = dict(plan.options), options_key(plan.options)
    sku.barcode, sku.cost_fen = plan.barcode, plan.cost_fen
    sku.weight_grams, sku.volume_cm3 = plan.weight_grams, plan.volume_cm3
    sku.media, sku.is_active, sku.sort = plan.media, plan.is_active, sort
    sku.is_gift_only = plan.is_gift_only
    check_given(sku)


def _store(fresh: list[Sku], old: list[Sku], moved: list[Sku]) -> None:
    """Options only of those whose options changed: they are a key, and to write a key makes every
    order of the SKU wait (F-40)."""
    columns = ["barcode", "cost_fen", "weight_grams", "volume_cm3", "media", "is_active"]
    Sku.objects.bulk_update(old, [*columns, "is_gift_only", "sort"])
    Sku.objects.bulk_update(moved, ["options", "options_key"])
    Sku.objects.bulk_create(fresh)
