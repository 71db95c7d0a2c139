"""``manage.py reset_second_factor NAME``: the way back for who lost the app and is the only one who
could help (docs/operations.md)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mall.kernel import clock
from members.models import Account
from members.services import reset_app


class Command(BaseCommand):
    help = "Take an operator's authenticator app off; the next sign-in sets up another."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the operator's user name")

    def handle(self, *_args: Any, **options: Any) -> None:
        account = Account.objects.filter(username=options["name"], is_staff=True).first()
        if account is None:
            raise CommandError(f"{options['name']} is no operator")
        if not reset_app(account=account, actor=None, reason="on the server", at=clock.now()):
            raise CommandError(f"{options['name']} has no app")
        self.stdout.write(f"{options['name']} sets up another app at the next sign-in")
