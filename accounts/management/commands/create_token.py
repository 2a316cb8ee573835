"""`manage.py create_token EMAIL`: prints an API token once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.tokens import create_token


class Command(BaseCommand):
    help = "Print a new API token of a person. It is stored hashed and can't be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"No active person has the e-mail address {email}.")
        self.stdout.write(create_token(user=user))
