"""The catalogue command's rules, on a small project in a temporary folder."""

import gettext
import os
from pathlib import Path

import pytest

from cxplan.catalogue import compile_catalogues, find_problems, po_path, update_catalogues

PYTHON = """
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, npgettext_lazy, pgettext

SAVE = _("Save")
MAY = pgettext("month", "May")
FOUND = ngettext("%(count)d stage", "%(count)d stages", 2)
LEFT = npgettext_lazy("seat", "{count} left", "{count} left", 2)
"""
TEMPLATE = """
{% load i18n %}
    <h1>{% translate "Journeys" %}</h1>
  <a title="{{ _("Next") }}">{% translate "May" context "verb" %}</a>
{% blocktranslate trimmed with name=person.name %}
    Hello {{ name }},
    you reach 100%.
{% endblocktranslate %}
{% blocktranslate trimmed count n=rows %}One row{% plural %}{{ n }} rows{% endblocktranslate %}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    app = tmp_path / "shop"
    (app / "tests").mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "views.py").write_text(PYTHON)
    (app / "tests" / "test_it.py").write_text('from x import _\n_("Only a test")\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def fill(project: Path, msgid: str, translation: str) -> None:
    """Write one translation, as a person would in an editor."""
    path = po_path(root=project)
    before = f'msgid "{msgid}"\nmsgstr ""'
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, f'msgid "{msgid}"\nmsgstr "{translation}"'), "utf-8")
    os.utime(path, (path.stat().st_mtime + 10,) * 2)


def test_every_kind_of_message_is_extracted(project: Path) -> None:
    update_catalogues(root=project)

    text = po_path(root=project).read_text("utf-8")
    for msgid in ("Save", "Journeys", "Next", "Hello %(name)s, you reach 100%%."):
        assert f'msgid "{msgid}"\nmsgstr ""' in text
    assert 'msgctxt "month"\nmsgid "May"' in text
    assert 'msgctxt "verb"\nmsgid "May"' in text
    assert 'msgid "%(count)d stage"\nmsgid_plural "%(count)d stages"\nmsgstr[0] ""' in text
    assert 'msgctxt "seat"\nmsgid "{count} left"\nmsgid_plural "{count} left"' in text
    assert 'msgid "One row"\nmsgid_plural "%(n)s rows"' in text
    assert "#: shop/views.py\n#, python-brace-format\n" in text
    assert "Only a test" not in text


def test_update_keeps_translations_and_drops_what_is_gone(project: Path) -> None:
    update_catalogues(root=project)
    fill(project, "Save", "Enregistrer")
    fill(project, "Journeys", "Parcours")
    (project / "shop" / "views.py").write_text('from x import _\n\n_("Save")\n_("Save all")\n')

    update_catalogues(root=project)

    text = po_path(root=project).read_text("utf-8")
    assert 'msgid "Save"\nmsgstr "Enregistrer"' in text
    assert 'msgid "Journeys"\nmsgstr "Parcours"' in text
    assert 'msgid "Save all"\nmsgstr ""' in text, "a like text must not lend its translation"
    assert "stage" not in text
    assert "fuzzy" not in text


def test_update_twice_changes_nothing(project: Path) -> None:
    assert update_catalogues(root=project) == [po_path(root=project)]
    assert update_catalogues(root=project) == []
    assert compile_catalogues(root=project) == []


def test_javascript_has_its_own_catalogue(project: Path) -> None:
    scripts = project / "static" / "js"
    scripts.mkdir(parents=True)
    (scripts / "map.js").write_text('const t = gettext("Moved up");\n')

    update_catalogues(root=project)

    assert 'msgid "Moved up"' in po_path("djangojs", root=project).read_text("utf-8")
    assert "Moved up" not in po_path(root=project).read_text("utf-8")


@pytest.fixture
def one_message(tmp_path: Path) -> Path:
    """A project with one text, which has a placeholder, translated."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text('from x import _\n_("%(n)s of {total}")\n')
    update_catalogues(root=tmp_path)
    fill(tmp_path, "%(n)s of {total}", "%(n)s sur {total}")
    update_catalogues(root=tmp_path)
    return tmp_path


def replace(project: Path, old: str, new: str) -> None:
    path = po_path(root=project)
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    os.utime(path, (path.stat().st_mtime + 10,) * 2)
    compile_catalogues(root=project)


def test_complete_catalogue_has_no_problems_and_is_read_by_gettext(one_message: Path) -> None:
    assert find_problems(root=one_message) == []
    with po_path(root=one_message).with_suffix(".mo").open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    assert translations.gettext("%(n)s of {total}") == "%(n)s sur {total}"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("%(n)s sur {total}", "", "not translated: '%(n)s of {total}'"),
        ("%(n)s sur", "%(m)s sur", "placeholders differ"),
        ("sur {total}", "sur {tout}", "placeholders differ"),
        ("#, python", "#, fuzzy, python", "fuzzy: '%(n)s of {total}'"),
        ("%(n)s sur", "%(n)s : sur", "no no-break space"),
        ("%(n)s sur", "%(n)s\N{NARROW NO-BREAK SPACE}? sur", "no no-break space"),
        ("sur {total}", "« {total} »", "no no-break space"),
    ],
)
def test_each_fault_of_an_entry_is_named(
    one_message: Path, old: str, new: str, problem: str
) -> None:
    replace(one_message, old, new)

    assert [problem in found for found in find_problems(root=one_message)] == [True]


def test_new_text_in_the_code_makes_the_catalogue_out_of_date(one_message: Path) -> None:
    (one_message / "shop" / "more.py").write_text('from x import _\n_("More")\n')

    problems = find_problems(root=one_message)

    assert any("out of date" in problem for problem in problems)
    assert any("not translated: 'More'" in problem for problem in problems)


def test_stale_compiled_file_is_named(one_message: Path) -> None:
    path = po_path(root=one_message)
    path.write_text(path.read_text("utf-8").replace("sur", "parmi"), "utf-8")

    assert [found.split(": ")[1] for found in find_problems(root=one_message)] == [
        "its .mo is stale, run `python manage.py catalogue`"
    ]
