"""``manage.py ensure_roles``: the five roles with exactly their permissions; run after migrate."""

from typing import Any

from django.core.management.base import BaseCommand

from mall.console.roles import ROLES, ensure_roles


class Command(BaseCommand):
    help = "Make the operators' roles and give each exactly its permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_roles()
        for role in ROLES:
            self.stdout.write(f"{role.name}: {len(role.permissions)} permissions")
