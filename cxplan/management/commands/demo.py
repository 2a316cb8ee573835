"""`manage.py demo`: from a fresh clone to a running cxplan with a programme in it, in one command."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxplan.browser_libraries import BrowserLibrariesError, install_browser_libraries
from cxplan.catalogue import compile_catalogues
from cxplan.demo.story import DEMO_PEOPLE
from cxplan.demo_programme import DEMO_PASSWORD, SLUGS, load_demo
from journeys.models import Programme


class Command(BaseCommand):
    help = "Prepare cxplan, load the demo programme of a fictional retailer, and serve it."
    # What the checks look for is put in place by this very command.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-server", action="store_true", help="stop before serving")
        parser.add_argument("--language", choices=sorted(SLUGS), default="en")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, no_server: bool, language: str, port: int, **options: Any) -> None:
        self._prepare()
        self._load(language)
        self._print_logins(SLUGS[language], port)
        if not no_server:
            serve(port)

    def _prepare(self) -> None:
        self.stdout.write("Browser libraries ...")
        try:
            install_browser_libraries()
        except BrowserLibrariesError as error:
            raise CommandError(str(error)) from error
        compile_catalogues()
        self.stdout.write("Database ...")
        call_command("migrate", verbosity=0, interactive=False)

    def _load(self, language: str) -> None:
        slug = SLUGS[language]
        if Programme.objects.filter(slug=slug).exists():
            self.stdout.write(f"The programme {slug} is there already.")
            return
        self.stdout.write("Demo programme ...")
        programme = load_demo(language=language, with_people=settings.DEBUG)
        count = programme.observations.count()
        self.stdout.write(f"Loaded {slug}: {programme.name}, {count} observations.")

    def _print_logins(self, slug: str, port: int) -> None:
        self.stdout.write(f"\n  http://127.0.0.1:{port}/programmes/{slug}/\n")
        if not settings.DEBUG:
            self.stdout.write("  DEBUG is off: accounts with a known password are not made.")
            return
        width = max(len(person["email"]) for person in DEMO_PEOPLE)
        self.stdout.write(f"  {'E-mail'.ljust(width)}  {'Password'.ljust(11)}  Role")
        for person in DEMO_PEOPLE:
            roles = ", ".join(role.replace("_", " ") for role in person["roles"])
            self.stdout.write(f"  {person['email'].ljust(width)}  {DEMO_PASSWORD}  {roles}")
        self.stdout.write("")


def serve(port: int) -> None:
    """A new process in the place of this one.

    Settings look at the browser libraries when they load, and this process loaded its own before
    there were any.
    """
    sys.stdout.flush()
    manage = str(settings.BASE_DIR / "manage.py")
    arguments = [sys.executable, manage, "runserver", f"127.0.0.1:{port}", "--noreload"]
    os.execv(sys.executable, arguments)  # noqa: S606 - a fixed list, no shell
