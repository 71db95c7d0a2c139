"""Rights in the reader's language: Django stores their names in English once and for all."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy

DEEDS = {
    "view": pgettext_lazy("right", "look"),
    "add": pgettext_lazy("right", "add"),
    "change": pgettext_lazy("right", "change"),
    "delete": pgettext_lazy("right", "delete"),
}


def words_of(permission: Permission) -> str:
    """A right in the reader's language: where, what, which deed."""
    kind = permission.content_type
    model = kind.model_class()
    area = apps.get_app_config(kind.app_label).verbose_name if model else kind.app_label
    thing = model._meta.verbose_name if model else kind.model
    deed = DEEDS.get(permission.codename.partition("_")[0], gettext(permission.name))
    return f"{area} · {thing}: {deed}"


class RightsInWords:
    """For screens where rights are given: each right by its words."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and db_field.related_model is Permission:
            field.queryset = field.queryset.select_related("content_type")
            field.label_from_instance = words_of
        return field
