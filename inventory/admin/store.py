"""Stores: where they are, when they are open, who works there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from inventory import services
from inventory.models import Store
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, actor_of
from mall.kernel.regions import find, full_name

WORDS = ("title_zh", "title_en", "address_zh", "address_en", "hours_zh", "hours_en")


class StoreForm(forms.ModelForm):
    """A store; its region is one of the country's."""

    class Meta:
        model = Store
        fields = (
            "code",
            *WORDS,
            "region_code",
            "latitude",
            "longitude",
            "phone",
            "events_zh",
            "events_en",
            "staff",
            "offers_pickup",
            "is_active",
        )

    def clean_region_code(self) -> str:
        code: str = self.cleaned_data["region_code"]
        if find(code) is None:
            raise ValidationError(_("There is no such region."))
        return code


@admin.register(Store)
class StoreAdmin(MallAdmin):
    """Never deleted: its stock and its pick-ups stay. One that is closed is not shown."""

    form = StoreForm
    list_display = ("title_zh", "code", "place", "phone", "offers_pickup", "is_active")
    list_filter = ("offers_pickup", "is_active")
    search_fields = ("code", "title_zh", "title_en")
    filter_horizontal = ("staff",)
    ordering = ("code",)

    def has_delete_permission(self, request: HttpRequest, obj: Store | None = None) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Store | None = None
    ) -> tuple[str, ...]:
        return ("code",) if obj else ()

    @admin.display(description=_("region"), ordering="region_code")
    def place(self, store: Store) -> str:
        return " ".join(full_name(store.region_code)) or store.region_code

    def save_model(self, request: HttpRequest, obj: Store, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail and gives a new store its warehouse."""
        services.save_store(
            store=obj,
            changed=form.changed_data,
            staff=list(form.cleaned_data["staff"]),
            actor=actor_of(request),
            at=clock.now(),
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The verb has written the staff."""
