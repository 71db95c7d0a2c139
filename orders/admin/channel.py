"""The registry of sales channels. Source: X-55."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from mall.kernel import clock
from mall.kernel.admin import MallAdmin
from orders import services
from orders.admin.acting import actor_of
from orders.models import Channel


@admin.register(Channel)
class ChannelAdmin(MallAdmin):
    """Never deleted: orders name it. One that is out of use brings no more orders."""

    list_display = ("title_zh", "code", "kind", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "title_zh", "title_en")
    fields = ("code", "kind", "title_zh", "title_en", "is_active")
    ordering = ("pk",)

    def has_delete_permission(self, request: HttpRequest, obj: Channel | None = None) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Channel | None = None
    ) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        services.save_channel(
            channel=obj, changed=form.changed_data, actor=actor_of(request), at=clock.now()
        )
