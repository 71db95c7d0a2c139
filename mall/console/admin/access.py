"""Roles, and who failed to sign in. Replaces the plain screens of Django and axes."""

from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from mall.console.roles import TITLES
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin
from mall.kernel.admin.rights import RightsInWords

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(RightsInWords, MallAdmin):
    """Roles and their permissions. Only a superuser gives rights (ATK-82)."""

    list_display = ("title", "name", "holders", "rights")
    search_fields = ("name",)
    ordering = ("name",)
    filter_horizontal = ("permissions",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        holders = Count("user", distinct=True)
        rights = Count("permissions", distinct=True)
        return super().get_queryset(request).annotate(holders=holders, rights=rights)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "name":
            field.label = pgettext("role", "Name")
        return field

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return bool(request.user.is_superuser)

    @admin.display(description=_("role"))
    def title(self, group: Group) -> str:
        return str(TITLES.get(group.name, group.name))

    @admin.display(description=_("operators"), ordering="holders")
    def holders(self, group: Any) -> int:
        return int(group.holders)

    @admin.display(description=_("permissions"), ordering="rights")
    def rights(self, group: Any) -> int:
        return int(group.rights)


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ReadOnlyAdmin):
    """Wrong passwords at the operators' door; a locked-out colleague can be let in again."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "=ip_address")
    ordering = ("-attempt_time",)
    fields = ("attempt_time", "username", "ip_address", "user_agent", "failures_since_start")
    readonly_fields = fields
    actions = ("forgive",)

    def has_forgive_permission(self, request: HttpRequest) -> bool:
        """Needed by ``forgive``."""
        return bool(request.user.has_perm("axes.delete_accessattempt"))

    @admin.action(description=_("Forgive: let them try again at once"), permissions=["forgive"])
    def forgive(self, request: HttpRequest, attempts: QuerySet[AccessAttempt]) -> None:
        pairs = list(attempts.values_list("username", "ip_address"))
        forgiven = sum(reset(username=username, ip=address) for username, address in pairs)
        words = ngettext("%(n)d row is forgotten.", "%(n)d rows are forgotten.", forgiven)
        self.message_user(request, words % {"n": forgiven})
