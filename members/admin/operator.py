"""Operators: who may work here, and with which rights. Shoppers are not in this list."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from mall.kernel import clock
from mall.kernel.admin import MallAdmin
from members import services
from members.admin.acting import ClosingActions, actor_of
from members.admin.masking import PhoneColumn, PhoneMasked
from members.models import Account

RIGHTS = ("is_superuser", "groups", "user_permissions")


@admin.register(Account)
class OperatorAdmin(ClosingActions, PhoneMasked, PhoneColumn, UserAdmin, MallAdmin):
    """Only a superuser gives rights; whoever is shut out is out with the next request."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "phone_masked", "email", "is_superuser", "is_active", "last_login")
    list_filter = ("is_superuser", "is_active", "groups")
    search_fields = ("username", "email", "=phone")
    ordering = ("username",)
    readonly_fields = ("phone_masked", "is_active", "last_login", "joined_at")
    fieldsets = (
        (None, {"fields": ("username", "password", "email", "phone_masked", "language")}),
        (_("Rights"), {"fields": ("is_active", *RIGHTS)}),
        (_("Dates"), {"fields": ("last_login", "joined_at")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),
    )
    actions = ("close_accounts", "reopen_accounts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return super().get_queryset(request).filter(is_staff=True)

    def has_delete_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else (*fixed, *RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        """A superuser's row - the password too - is for superusers."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        changes = {name: str(form.cleaned_data.get(name, "")) for name in form.changed_data}
        services.save_operator(
            account=obj, changes=changes, actor=actor_of(request), at=clock.now()
        )
