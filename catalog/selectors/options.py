"""The option values of a SKU in words, inside another query. Source: requirement C-03."""

from collections.abc import Collection

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, Func, JSONField, OuterRef

from catalog.models import OptionValue


def chosen_words() -> ArraySubquery:
    """The four words of each value that a SKU has, in shown order: [axis zh, en, value zh, en]."""
    value_of_axis: Func = Func(
        OuterRef("options"),
        F("option__code"),
        template="(%(expressions)s)",
        arg_joiner=" ->> ",
        output_field=CharField(),
    )
    values = OptionValue.objects.filter(
        option__product=OuterRef("product_id"), code=value_of_axis
    ).order_by("option__sort", "option_id")
    words = Func(
        F("option__title_zh"),
        F("option__title_en"),
        F("title_zh"),
        F("title_en"),
        function="jsonb_build_array",
        output_field=JSONField(),
    )
    return ArraySubquery(values.values(words=words))


def option_words(words: Collection[tuple[str, ...]]) -> tuple[tuple[str, str, str, str], ...]:
    """The words of `chosen_words`; what has no English word keeps the Chinese one."""
    return tuple((axis_zh, axis_en or axis_zh, zh, en or zh) for axis_zh, axis_en, zh, en in words)
