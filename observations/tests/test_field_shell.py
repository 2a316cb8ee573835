"""What the server gives a device of the field app: a light shell, public, whole, of one release."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from observations import field_app
from observations.field_app import content_of, integrity, read_shell, words_json

FIRST_VISIT = 150_000


@pytest.fixture(autouse=True)
def _shell_read_anew() -> None:
    field_app._read_shell_once.cache_clear()


def get(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return bytes(answer.content)


def test_a_first_visit_loads_at_most_150_kb_compressed(client: Client) -> None:
    """All that the page and its worker fetch, both languages included."""
    parts = [get(client, "/field/"), get(client, "/field/service-worker.js")]
    parts.append(get(client, "/field/manifest.webmanifest"))
    static = [one for one in read_shell()["files"] if one.startswith(settings.STATIC_URL)]
    parts += [content_of(one.removeprefix(settings.STATIC_URL)) for one in static]
    parts += [words_json(language) for language, _name in settings.LANGUAGES]
    assert len(static) > 30
    assert sum(len(gzip.compress(part, 6)) for part in parts) <= FIRST_VISIT


def test_the_worker_lists_every_file_that_the_app_imports(client: Client) -> None:
    worker = get(client, "/field/service-worker.js").decode()
    listed = json.loads(worker.split("self.SHELL = ", 1)[1].split(";\n", 1)[0])["files"]
    imported = set()
    for address in [one for one in listed if one.endswith(".js")]:
        source = content_of(address.removeprefix(settings.STATIC_URL)).decode()
        for name in re.findall(r'^(?:import|export) [^;]*?from "([^"]+)"', source, re.MULTILINE):
            imported.add(name if name.startswith("/") else os.path.normpath(f"{address}/../{name}"))
    assert len(imported) > 25
    assert imported <= set(listed)
    page = get(client, "/field/").decode()
    assert set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page)) <= set(listed)


def test_the_shell_knows_nobody_and_is_asked_for_again_each_time(client: Client) -> None:
    answer = client.get("/field/")
    assert answer["Cache-Control"] == "no-cache"
    assert not answer.cookies
    worker = client.get("/field/service-worker.js")
    assert worker["Cache-Control"] == "no-cache"
    assert worker["Content-Type"].startswith("text/javascript")
    assert read_shell()["build"] in answer.content.decode()
    assert read_shell()["build"] in worker.content.decode()


def test_the_build_follows_every_file(monkeypatch: pytest.MonkeyPatch) -> None:
    before = field_app._read_shell()["build"]
    for changed in ("css/field.css", "js/field/store.js", field_app.WORKER, "idb/index.js"):
        with monkeypatch.context() as patch:
            patch.setattr(
                field_app,
                "content_of",
                lambda path, changed=changed: content_of(path) + b" " * (path == changed),
            )
            assert field_app._read_shell()["build"] != before
    assert field_app._read_shell()["build"] == before


def test_it_can_be_installed(client: Client) -> None:
    manifest = json.loads(get(client, "/field/manifest.webmanifest"))
    assert (manifest["scope"], manifest["start_url"]) == ("/field/", "/field/")
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        drawn = get(client, icon["src"])
        assert drawn.startswith(b"\x89PNG")
        size = int.from_bytes(drawn[16:20], "big")
        assert icon["sizes"] == f"{size}x{size}"
    assert client.get("/field/icon-64.png").status_code == 404


def test_both_languages_are_there_for_offline(client: Client) -> None:
    french = json.loads(get(client, "/field/words/fr.json"))
    assert french["catalog"]["Not seen"] == "Non vu"
    assert french["catalog"]["%(n)s photo to go"] == [
        "%(n)s photo à envoyer",
        "%(n)s photos à envoyer",
    ]
    assert json.loads(get(client, "/field/words/en.json")) == {"language": "en", "catalog": {}}
    assert client.get("/field/words/de.json").status_code == 404
    assert {"/field/words/en.json", "/field/words/fr.json"} <= set(read_shell()["files"])


COLLECTED = """
import json, django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("collectstatic", interactive=False, verbosity=0)
from observations.field_app import read_shell
from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware
client = Client(SERVER_NAME="cxplan.example.org")
served = {}
for address in read_shell()["files"]:
    answer = client.get(address, secure=True)
    served[address] = [answer.status_code, b"".join(answer).hex() if answer.status_code == 200 else ""]
page = client.get("/field/", secure=True).content.decode()
print(json.dumps({"files": read_shell()["files"], "served": served, "page": page}))
"""


def test_with_hashed_names_in_production_every_file_is_served_as_listed(tmp_path: Path) -> None:
    """DEBUG off, static files collected under hashed names: the plain addresses hold the same bytes."""
    production = {
        "DEBUG": "off",
        "SECRET_KEY": "only-for-this-test-" + "abcdefghijklmnopqrstuvwxyz" * 2,
        "ALLOWED_HOSTS": "cxplan.example.org",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "cxplan.settings",
    }
    root = f"pathlib.Path({str(tmp_path / 'static')!r})"
    script = f"import pathlib\nfrom cxplan import settings\nsettings.STATIC_ROOT = {root}\n"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script + COLLECTED],
        capture_output=True,
        text=True,
        check=True,
        cwd=settings.BASE_DIR,
        env={**os.environ, **production},
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found["files"]) > 30
    for address, digest in found["files"].items():
        status, content = found["served"][address]
        assert status == 200, address
        assert integrity(bytes.fromhex(content)) == digest, address
    assert 'src="/static/js/field/app.js"' in found["page"]
