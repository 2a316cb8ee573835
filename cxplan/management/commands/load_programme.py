"""`manage.py load_programme FILE`: a programme bundle becomes a programme, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from cxplan.bundle import load_bundle, read_bundle
from journeys.bundle import UnacceptableBundle
from journeys.models import Programme


class Command(BaseCommand):
    help = "Load a programme bundle, observations included, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a bundle in JSON, as export_programme writes it")
        parser.add_argument("--owner", default="", metavar="EMAIL", help="who becomes its lead")
        parser.add_argument("--as", default="", dest="slug", metavar="SLUG", help="another address")

    def handle(self, *args: Any, file: str, owner: str, slug: str, **options: Any) -> None:
        lead = _person(owner) if owner else None
        _check_slug(slug)
        try:
            with _opened(file) as opened:
                programme = load_bundle(bundle=read_bundle(opened), owner=lead, slug=slug)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        except UnacceptableBundle as refused:
            count = len(refused.errors)
            heading = f"{file}: {count} error{'s' if count > 1 else ''}, nothing was loaded."
            raise CommandError(f"{heading}\n{_listed(refused)}") from refused
        count = programme.observations.count()
        self.stdout.write(f"Loaded {programme.slug}: {programme.name}, {count} observations.")


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """For going through it several times: what comes through a pipe is copied first."""
    with Path(file).open("rb") as opened:
        if opened.seekable():
            yield opened
            return
        with TemporaryFile() as copied:
            copyfileobj(opened, copied)
            yield copied


def _person(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"No active person has the e-mail address {email}.")
    return user


def _check_slug(slug: str) -> None:
    if not slug:
        return
    try:
        Programme._meta.get_field("slug").run_validators(slug)
    except ValidationError as error:
        raise CommandError(f"--as {slug}: {' '.join(error.messages)}") from error


def _listed(refused: UnacceptableBundle) -> str:
    lines = [str(error) for error in refused.errors]
    if any(
        error.path == "/programme/slug" and "already" in error.detail for error in refused.errors
    ):
        lines.append("Name a free address with --as SLUG.")
    return "\n".join(lines)
