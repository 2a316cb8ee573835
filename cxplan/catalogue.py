"""The French catalogue, kept without GNU gettext: extract, merge, check, compile.

Django's `makemessages` and `compilemessages` call xgettext and msgfmt, which a fresh machine does
not have. Babel does the same work from a wheel; templates are first turned into Python by Django
itself, so that `{% blocktranslate trimmed %}` means here what it means there.

A translation is never guessed: a new entry is empty until somebody writes it, and an entry that
the code no longer uses is dropped. References carry no line numbers, so that moving code does not
change the catalogue.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "fr"
# Python and templates; and the domain that Django's JavaScriptCatalog serves to the browser.
DOMAINS = ("django", "djangojs")
# What is never shown to anybody who uses cxplan.
UNTRANSLATED_PACKAGES = {"e2e", "benchmarks"}
UNTRANSLATED_FOLDERS = {"tests", "migrations"}

_SINGULAR: tuple[tuple[str, Any], ...] = (("gettext", None), ("pgettext", ((1, "c"), 2)))
_PLURAL: tuple[tuple[str, Any], ...] = (("ngettext", (1, 2)), ("npgettext", ((1, "c"), 2, 3)))
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext_noop": None,
    **{f"{name}{lazy}": spec for name, spec in _SINGULAR + _PLURAL for lazy in ("", "_lazy")},
}
HEADER = """\
# The interface of cxplan in French; `python manage.py catalogue` keeps it in step with the code.
msgid ""
msgstr ""
"Project-Id-Version: cxplan\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
# A date in the compiled file would change it at every run.
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
# French sets a no-break space (U+00A0) before : ; ? ! and inside « », and no other space.
_LOOSE_SIGN = re.compile("[ \\u202f][:;?!»]|«[ \\u202f]")
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%[sdf]|\{\w*(?:[.!:\[][^{}]*)?\}")


def po_path(domain: str = "django", *, root: Path = ROOT) -> Path:
    return root / "locale" / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def update_catalogues(*, root: Path = ROOT) -> list[Path]:
    """Bring the .po files in step with the code and compile them; the files that changed."""
    changed = []
    for domain in DOMAINS:
        path = po_path(domain, root=root)
        wanted = _merged_text(domain, root=root)
        if wanted is None:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_text("utf-8") != wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted, "utf-8")
            changed.append(path)
    compile_catalogues(root=root)
    return changed


def compile_catalogues(*, root: Path = ROOT) -> list[Path]:
    """Write the .mo of every .po that is newer than it; the files written."""
    written = []
    for domain in DOMAINS:
        source = po_path(domain, root=root)
        target = source.with_suffix(".mo")
        if not source.exists():
            target.unlink(missing_ok=True)
        elif not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            target.write_bytes(_compiled(_read(source, domain)))
            written.append(target)
    return written


def find_problems(*, root: Path = ROOT) -> list[str]:
    """What keeps the catalogue from being complete, one line each; empty when all is well."""
    problems: list[str] = []
    for domain in DOMAINS:
        path = po_path(domain, root=root)
        name = path.relative_to(root)
        wanted = _merged_text(domain, root=root)
        if (path.read_text("utf-8") if path.exists() else None) != wanted:
            problems.append(f"{name}: out of date, run `python manage.py catalogue`")
        if wanted is None:
            continue
        merged = _read(BytesIO(wanted.encode()), domain)
        problems += [f"{name}: {problem}" for problem in _entry_problems(merged)]
        target = path.with_suffix(".mo")
        if target.exists() and target.read_bytes() != _compiled(_read(path, domain)):
            problems.append(f"{name}: its .mo is stale, run `python manage.py catalogue`")
    return problems


def _merged_text(domain: str, *, root: Path) -> str | None:
    """The .po as it should read: the code's messages with the translations that exist."""
    messages = _extracted(domain, root=root)
    if not len(messages):
        return None
    path = po_path(domain, root=root)
    known = _read(path, domain) if path.exists() else _new_catalog(domain)
    for message in _entries(messages):
        _translate(message, known)
    body = BytesIO()
    write_po(body, messages, width=100, omit_header=True, sort_output=True, include_lineno=False)
    header = HEADER.format(language=LANGUAGE, plural_forms=messages.plural_forms)
    return header + body.getvalue().decode().rstrip("\n") + "\n"


def _translate(message: Message, known: Catalog) -> None:
    """Take over the translation of the same text in the same context, unless its shape changed."""
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    old = known.get(msgid, message.context)
    if old is None:
        return
    if isinstance(old.id, str) == isinstance(message.id, str):
        message.string = old.string
        message.flags |= old.flags & {"fuzzy"}
    message.user_comments = old.user_comments


def _extracted(domain: str, *, root: Path) -> Catalog:
    catalog = _new_catalog(domain)
    sources = _javascript(root) if domain == "djangojs" else _python_and_templates(root)
    for path, method, text in sources:
        name = path.relative_to(root).as_posix()
        found = extract(method, BytesIO(text.encode()), KEYWORDS, ["Translators:"])
        for line, msgid, notes, context in found:
            if msgid:
                catalog.add(msgid, locations=[(name, line)], auto_comments=notes, context=context)
    return catalog


def _python_and_templates(root: Path) -> Iterator[tuple[Path, str, str]]:
    packages = sorted(path.parent for path in root.glob("*/__init__.py"))
    for package in packages:
        if package.name not in UNTRANSLATED_PACKAGES:
            for path in _files(package, ("*.py",)):
                yield path, "python", path.read_text("utf-8")
    for folder in [root / "templates", *(package / "templates" for package in packages)]:
        for path in _files(folder, ("*.html", "*.txt")):
            # In brackets, because the indentation of a template is not that of Python.
            text = templatize(path.read_text("utf-8"), origin=str(path))
            yield path, "python", f"(\n{text}\n)"


def _javascript(root: Path) -> Iterator[tuple[Path, str, str]]:
    for path in _files(root / "static" / "js", ("*.js",)):
        yield path, "javascript", path.read_text("utf-8")


def _files(folder: Path, patterns: Iterable[str]) -> list[Path]:
    return sorted(
        path
        for pattern in patterns
        for path in folder.rglob(pattern)
        if not UNTRANSLATED_FOLDERS & set(path.relative_to(folder).parts[:-1])
    )


def _new_catalog(domain: str) -> Catalog:
    return _undated(Catalog(locale=LANGUAGE, domain=domain))


def _read(source: Path | BytesIO, domain: str) -> Catalog:
    content = BytesIO(source.read_bytes()) if isinstance(source, Path) else source
    return _undated(read_po(content, locale=LANGUAGE, domain=domain, abort_invalid=True))


def _undated(catalog: Catalog) -> Catalog:
    catalog.creation_date = catalog.revision_date = _NO_DATE
    return catalog


def _compiled(catalog: Catalog) -> bytes:
    content = BytesIO()
    write_mo(content, catalog)
    return content.getvalue()


def _entries(catalog: Catalog) -> Iterator[Message]:
    """The messages without the header, which Babel keeps as the message with an empty id."""
    return (message for message in catalog if message.id)


def _entry_problems(catalog: Catalog) -> Iterator[str]:
    for message in _entries(catalog):
        msgids = _forms(message.id)
        strings = _forms(message.string)
        if not all(strings) or len(strings) != (catalog.num_plurals if message.pluralizable else 1):
            yield f"not translated: {msgids[0]!r}"
        elif message.fuzzy:
            yield f"fuzzy: {msgids[0]!r}"
        else:
            expected = [_placeholders(msgid) for msgid in msgids]
            for string in strings:
                if _placeholders(string) not in expected:
                    yield f"placeholders differ: {msgids[0]!r}, {string!r}"
                if _LOOSE_SIGN.search(string):
                    yield f"no no-break space (U+00A0) at a sign: {string!r}"


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text or ""] if isinstance(text, str | None) else list(text)


def _placeholders(text: str) -> list[str]:
    """What the code fills in: %(name)s, {name} and, in number, %s. Doubled signs are text."""
    return sorted(set(_PLACEHOLDER.findall(text.replace("%%", "").replace("{{", ""))))
