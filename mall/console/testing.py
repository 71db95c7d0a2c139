"""Builders for tests of the console: operators of a role."""

from django.contrib.auth.models import Group
from django.test import Client

from mall.console.roles import ensure_roles
from members.models import Account
from members.testing import make_operator


def make_clerk(*roles: str) -> Account:
    """An operator who holds these roles and nothing else."""
    ensure_roles()
    clerk = make_operator(is_superuser=False)
    clerk.groups.set(Group.objects.filter(name__in=roles))
    return clerk


def client_of(account: Account) -> Client:
    """A browser in which the account is signed in, speaking English."""
    client = Client()
    client.force_login(account, backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"
    return client
