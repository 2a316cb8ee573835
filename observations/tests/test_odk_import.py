"""What was answered in Collect or KoboToolbox comes back as the same answers, once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from observations.models import HeldCopy, Observation, Revision
from observations.odk.names import answer_of, key_of
from observations.odk.submissions import Unreadable, read_submissions
from observations.tests.odk_answers import (
    Fields,
    as_central,
    as_kobo_csv,
    as_kobo_json,
    filled,
    form_of,
)
from scoring.models import Framework

WRITERS: list[Callable[[list[Fields]], bytes]] = [as_central, as_kobo_csv, as_kobo_json]
OTHER = {"meta/instanceID": "uuid:8a6c1d4e-0d3e-4b8e-9d5a-222222222222"}


@pytest.fixture
def client(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


def address(programme: Programme) -> str:
    return reverse("observations:odk-import", args=[programme.slug])


def sent(client: Client, programme: Programme, content: bytes) -> Any:
    file = SimpleUploadedFile("export", content)
    return client.post(address(programme), {"file": file})


def stored(client: Client, programme: Programme, content: bytes) -> Any:
    preview = sent(client, programme, content)
    assert preview.status_code == 200
    confirmed = preview.context["confirmed"]
    return client.post(address(programme), {"confirmed": confirmed}, follow=True)


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_answers_come_back(
    programme: Programme, framework: Framework, client: Client, write: Callable[..., bytes]
) -> None:
    fields = filled(form_of(framework), **{"visit/location": "c_LYO1"})
    asked = {
        key_of("q_", path.split("/")[-1]): answer_of(value)
        for path, value in fields.items()
        if path.split("/")[-1].startswith("q_")
    }
    assert len(asked) == framework.interactions.count()
    assert "1 observation stored." in words(stored(client, programme, write([fields])))
    revision = Revision.objects.get()
    assert revision.answers == asked
    assert set(revision.details["notes"]) == set(asked)
    assert revision.location is not None and revision.location.code == "LYO1"
    assert (revision.observer, revision.method) == ("OBS-1", "mystery_visit")
    assert revision.observed_at_as_written.isoformat() == "2026-10-03T10:30:00+02:00"
    assert revision.details["duration_s"] == 1830


def test_whatever_the_export_a_second_import_changes_nothing(
    programme: Programme, framework: Framework, client: Client
) -> None:
    fields = filled(form_of(framework))
    for write in (*WRITERS, *WRITERS):
        stored(client, programme, write([fields, fields | OTHER]))
    assert Observation.objects.count() == Revision.objects.count() == 2
    assert not HeldCopy.objects.exists()
    preview = sent(client, programme, as_central([fields]))
    assert "1 is there already and does not change" in words(preview)


def test_a_preview_stores_nothing_and_says_what_is_wrong_by_row(
    programme: Programme, framework: Framework, client: Client
) -> None:
    good = filled(form_of(framework))
    bad = good | OTHER | {"s_S1/q_S1_hb": "p3", "visit/location": "c_GONE"}
    nameless = {key: value for key, value in good.items() if key != "meta/instanceID"}
    preview = sent(client, programme, as_kobo_json([good, bad, nameless]))
    assert not Observation.objects.exists() and not HeldCopy.objects.exists()
    one, two, three = preview.context["arrived"]
    assert one.outcome.status == "created"
    assert [error["path"] for error in two.outcome.errors] == ["/location", "/answers/S1-b"]
    assert three.outcome is None and "No instanceID" in three.row.problem
    after = client.post(
        address(programme), {"confirmed": preview.context["confirmed"]}, follow=True
    )
    assert "1 copy to decide on" in words(after)
    assert Observation.objects.count() == HeldCopy.objects.count() == 1


def test_an_edited_submission_waits_as_a_conflict(
    programme: Programme, framework: Framework, client: Client
) -> None:
    fields = filled(form_of(framework))
    stored(client, programme, as_kobo_json([fields]))
    edited = fields | {
        "meta/instanceID": "uuid:8a6c1d4e-0d3e-4b8e-9d5a-333333333333",
        "meta/rootUuid": fields["meta/instanceID"],
        "comment": "Edited in KoboToolbox",
    }
    stored(client, programme, as_kobo_json([edited]))
    assert Observation.objects.count() == 1
    assert HeldCopy.objects.get().reason == "conflict"


def test_a_corrected_method_is_no_second_observation(
    programme: Programme, framework: Framework, client: Client
) -> None:
    fields = filled(form_of(framework))
    [path] = [name for name in fields if name.split("/")[-1] == "method"]
    stored(client, programme, as_kobo_json([fields | {path: "mystery_visit"}]))
    corrected = as_kobo_json([fields | {path: "store_team"}, fields | OTHER])
    preview = sent(client, programme, corrected)
    assert "It is there already with another method." in words(preview)
    assert preview.context["counts"] == {"conflict": 1, "created": 1}
    stored(client, programme, corrected)
    assert Observation.objects.count() == 2
    held = HeldCopy.objects.get()
    assert (held.reason, held.uuid) == ("conflict", Observation.objects.earliest("pk").uuid)
    stored(client, programme, corrected)
    assert (Observation.objects.count(), HeldCopy.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b'{"results": 7}', b"{", b"", b"[1]", b"a,b\n", b"[]"]
)
def test_a_file_that_is_no_export_is_refused(
    programme: Programme, client: Client, content: bytes
) -> None:
    answer = sent(client, programme, content)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def test_a_form_that_was_not_made_here_is_told(programme: Programme) -> None:
    [row] = read_submissions(b"KEY,colour\nuuid:1,blue\n", programme.slug)
    assert "not made here" in row.problem
    with pytest.raises(Unreadable):
        read_submissions(b"KEY\n" + b"uuid:1\n" * 5001, programme.slug)


def test_only_what_was_previewed_is_stored(
    programme: Programme, framework: Framework, client: Client, lead: User, client_of: ClientOf
) -> None:
    preview = sent(client, programme, as_central([filled(form_of(framework))]))
    confirmed = preview.context["confirmed"]
    for person, text in ((client, confirmed[:-2] + "xx"), (client_of(lead), confirmed)):
        answer = person.post(address(programme), {"confirmed": text})
        assert answer.status_code == 422
        assert "out of date" in words(answer)
    assert not Observation.objects.exists()
