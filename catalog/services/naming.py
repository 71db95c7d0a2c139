"""Names that people typed become codes: those a product has already, else new ones."""

from collections.abc import Sequence
from functools import lru_cache

from django.utils.text import slugify

from catalog.models import OptionValue, Product, ProductOption
from catalog.services.combining import OptionPlan, ValuePlan

Pairs = Sequence[tuple[str, str]]


def settle_options(product: Product, chosen: Sequence[Pairs]) -> list[dict[str, str]]:
    """Turn (axis, value) names into codes, making the axes and values that are missing.

    ``chosen`` has the pairs of each SKU; so has the answer, as option code -> value code.
    """
    axes: dict[str, ProductOption] = {}
    for option in product.options.all():
        for name in (option.code, option.title_en, option.title_zh):
            axes[name] = option
    values: dict[tuple[int, str], OptionValue] = {}
    for value in OptionValue.objects.filter(option__product=product):
        for name in (value.code, value.title_en, value.title_zh):
            values[value.option_id, name] = value
    return [
        {
            (option := _axis(product, axes, axis)).code: _value(option, values, name).code
            for axis, name in pairs
        }
        for pairs in chosen
    ]


def name_new_options(chosen: Sequence[Pairs]) -> tuple[list[OptionPlan], list[dict[str, str]]]:
    """The axes and values of a product that has none yet, and the choice of each SKU in codes."""
    axes: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    choices = []
    for pairs in chosen:
        choice = {}
        for axis, name in pairs:
            if axis not in axes:
                axes[axis] = code_of(axis, set(axes.values()))
                values[axis] = {}
            codes = values[axis]
            if name not in codes:
                codes[name] = code_of(name, set(codes.values()))
            choice[axes[axis]] = codes[name]
        choices.append(choice)
    plans = [
        OptionPlan(
            code,
            axis[:20],
            [ValuePlan(one, name[:40], name[:60]) for name, one in values[axis].items()],
            axis[:30],
        )
        for axis, code in axes.items()
    ]
    return plans, choices


Words = tuple[str, str]


def name_options(
    product: Product, typed: Sequence[tuple[Words, Sequence[Words]]]
) -> list[OptionPlan]:
    """Axes typed as ((Chinese, English), values alike), with the codes the product has for them."""
    axes = {option.title_zh: option.code for option in product.options.all()}
    rows = OptionValue.objects.filter(option__product=product)
    values = {
        (axis, zh): code for axis, zh, code in rows.values_list("option__code", "title_zh", "code")
    }
    plans = []
    for (axis_zh, axis_en), words in typed:
        axis = axes.setdefault(axis_zh, code_of(axis_en or axis_zh, set(axes.values())))
        plan = []
        for zh, en in words:
            taken = {code for (owner, _zh), code in values.items() if owner == axis}
            plan.append(ValuePlan(values.setdefault((axis, zh), code_of(en or zh, taken)), zh, en))
        plans.append(OptionPlan(axis, axis_zh, plan, axis_en))
    return plans


def _axis(product: Product, axes: dict[str, ProductOption], name: str) -> ProductOption:
    if name not in axes:
        taken = {option.code for option in axes.values()}
        axes[name] = ProductOption.objects.create(
            product=product,
            code=code_of(name, taken),
            title_zh=name[:20],
            title_en=name[:30],
            sort=len(taken),
        )
    return axes[name]


def _value(
    option: ProductOption, values: dict[tuple[int, str], OptionValue], name: str
) -> OptionValue:
    if (option.pk, name) not in values:
        taken = {value.code for (pk, _name), value in values.items() if pk == option.pk}
        values[option.pk, name] = OptionValue.objects.create(
            option=option,
            code=code_of(name, taken),
            title_zh=name[:40],
            title_en=name[:60],
            sort=len(taken),
        )
    return values[option.pk, name]


def code_of(name: str, taken: set[str], longest: int = 36) -> str:
    """A code of small letters for a name, such as cai-zhi for 材质, that nobody has yet."""
    code = _letters(name)[:longest] or "code"
    free, number = code, 2
    while free in taken:
        free, number = f"{code}-{number}", number + 1
    return free


@lru_cache(maxsize=4096)
def _letters(name: str) -> str:
    from pypinyin import lazy_pinyin  # its tables take a while to load; only imports need them

    return slugify("-".join(lazy_pinyin(name)))
