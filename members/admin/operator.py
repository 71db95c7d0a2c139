"""Operators: who may work here, and with which rights. Shoppers are not in this list."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, VerbPage
from mall.kernel.admin.rights import RightsInWords
from members import services
from members.admin.acting import ClosingActions, actor_of
from members.admin.masking import PhoneColumn, PhoneMasked
from members.models import Account

RIGHTS = ("is_superuser", "groups", "user_permissions")


class ReasonForm(forms.Form):
    """Why; it stands in the trail."""

    reason = forms.CharField(label=_("reason"), max_length=200, widget=UnfoldAdminTextInputWidget())


@admin.register(Account)
class OperatorAdmin(ClosingActions, PhoneMasked, PhoneColumn, RightsInWords, UserAdmin, MallAdmin):
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
    actions_detail = ("reset_app",)

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

    def has_reset_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may give rights may let a colleague set up another app."""
        return bool(request.user.is_superuser)

    @action(description=_("Take the app off"), permissions=["reset"], icon="phonelink_erase")
    def reset_app(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Somebody who lost the phone sets up another one at the next sign-in."""
        account = get_object_or_404(Account, pk=object_id, is_staff=True)
        verb = partial(services.reset_app, account=account, actor=actor_of(request), at=clock.now())
        page = VerbPage(
            title=_("Take the authenticator app of %(name)s off") % {"name": account},
            form_class=ReasonForm,
            run=lambda typed: verb(**typed),
            done=_("The app is off and every session is ended."),
            back=reverse("admin:members_account_change", args=[account.pk]),
            button=_("Take the app off"),
        )
        return page.answer(request, self)

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        changes = {name: str(form.cleaned_data.get(name, "")) for name in form.changed_data}
        services.save_operator(
            account=obj, changes=changes, actor=actor_of(request), at=clock.now()
        )
