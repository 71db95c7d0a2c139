"""Options of imported SKUs, matched with the axes and values that a product has already."""

from collections.abc import Sequence

from django.utils.text import slugify

from catalog.models import OptionValue, Product, ProductOption

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
    from pypinyin import lazy_pinyin  # its tables take a while to load; only imports need them

    code = slugify("-".join(lazy_pinyin(name)))[:longest] or "code"
    free, number = code, 2
    while free in taken:
        free, number = f"{code}-{number}", number + 1
    return free
