"""What the field app's shell is made of: its files, their digests and the build they add up to.

The shell names every file by its plain address, also where static files are stored under hashed
names: modules import each other, and nothing rewrites an import. What keeps a device from mixing
two releases is the worker: it takes a build only when each file has the digest listed here.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JSONCatalog

STYLE = "css/field.css"
ENTRY = "js/field/app.js"
WORKER = "js/field/service_worker.js"
MODULES = "js/field"
LIBRARIES = ("idb/index.js", "canonicalize/canonicalize.js", "uuidv7/index.js")
ICON = "icons/favicon.svg"
SHELL_TEMPLATE = "observations/field/shell.html"


def content_of(path: str) -> bytes:
    """A static file as it is served: from where it was collected, or from where it stands."""
    if hasattr(staticfiles_storage, "hashed_name"):
        with staticfiles_storage.open(path) as file:
            return bytes(file.read())
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    return Path(found).read_bytes()


def modules() -> list[str]:
    """The app's own modules, in order; the worker is not one of them."""
    folder = Path(settings.BASE_DIR, "static")
    paths = (path.relative_to(folder).as_posix() for path in (folder / MODULES).rglob("*.js"))
    return sorted(path for path in paths if path != WORKER)


def words_of(language: str) -> dict[str, Any]:
    """The words of the browser in one language; those of the source need none."""
    if language == settings.LANGUAGE_CODE:
        return {"language": language, "catalog": {}}
    view = JSONCatalog()
    paths = [str(path) for path in settings.LOCALE_PATHS]
    view.translation = DjangoTranslation(language, domain="djangojs", localedirs=paths)
    return {"language": language, "catalog": view.get_catalog()}


def words_json(language: str) -> bytes:
    text = json.dumps(words_of(language), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def static_address(path: str) -> str:
    return f"{settings.STATIC_URL}{path}"


def _contents() -> Iterator[tuple[str, bytes]]:
    for path in (STYLE, *LIBRARIES, ICON, *modules()):
        yield static_address(path), content_of(path)
    for language, _name in settings.LANGUAGES:
        yield reverse("observations:field-words", args=[language]), words_json(language)


def integrity(content: bytes) -> str:
    """As the browser checks it: https://www.w3.org/TR/SRI/."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def read_shell() -> dict[str, Any]:
    """`{"build", "page", "files": {address: integrity}}`: one release of the app.

    Read anew at each request while files may change, once a process otherwise.
    """
    return _read_shell() if settings.DEBUG else _read_shell_once()


@lru_cache(maxsize=1)
def _read_shell_once() -> dict[str, Any]:
    return _read_shell()


def _read_shell() -> dict[str, Any]:
    files = {address: integrity(content) for address, content in _contents()}
    template = Path(settings.BASE_DIR, "templates", SHELL_TEMPLATE).read_bytes()
    parts = [integrity(template), integrity(content_of(WORKER)), json.dumps(files)]
    build = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
    return {"build": build, "page": reverse("observations:field"), "files": files}


def worker_script() -> bytes:
    """The service worker with its release in front."""
    shell = json.dumps(read_shell(), indent=1)
    return f"self.SHELL = {shell};\n".encode() + content_of(WORKER)
