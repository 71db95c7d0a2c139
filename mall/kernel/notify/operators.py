"""Which operators are told of something: those who hold a right made for it."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q


def operators_with(permission: str) -> list[int]:
    """Accounts of active operators that hold "app.codename", superusers included. Queries: 1."""
    app, _dot, codename = permission.partition(".")
    right = Permission.objects.filter(codename=codename, content_type__app_label=app)
    given = Q(user_permissions__in=right) | Q(groups__permissions__in=right)
    operators = get_user_model().objects.filter(is_staff=True, is_active=True)
    told = operators.filter(Q(is_superuser=True) | given)
    return list(told.order_by("pk").values_list("pk", flat=True).distinct())
