"""Step 4: who may record, read, correct and withdraw, on pages and by the API."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone, translation

from accounts.tests.permission_rows import EVERYBODY_200, Row
from journeys.models import Programme
from observations.acknowledging import comment_on_report
from observations.deciding import dismiss_copy
from observations.excluding import exclude_observer
from observations.intake import submit_observation
from observations.models import Device, Media, Observation
from observations.tests.factories import hold, make_document, make_visit
from observations.withdrawing import withdraw_observation
from scoring.tests.factories import make_framework

#               anon outs lead cons faci loca obse exec cont super
SEE_LIST = "302 404 200 200 200 200 200 404 404 200"
HELD = "302 404 200 200 403 403 403 404 404 200"
RECORD = "302 404 200 200 403 403 200 403 404 200"
RECORD_FORM = "302 404 422 422 403 403 422 403 404 422"
ONE_GUIDE = "302 404 302 302 403 403 302 403 404 302"
EXCLUDE_FORM = "302 404 422 422 403 403 403 404 404 422"
EXCLUDE_DONE = "302 404 302 302 403 403 403 404 404 302"
CORRECT = "302 404 200 200 403 403 200 404 404 200"
CORRECT_FORM = "302 404 422 422 403 403 422 404 404 422"
CORRECT_DONE = "302 404 302 302 403 403 302 404 404 302"
MANAGE = "302 404 200 403 403 403 403 404 404 200"
MANAGE_FORM = "302 404 422 403 403 403 403 404 404 422"
MANAGE_DONE = "302 404 302 403 403 403 403 404 404 302"
API_ENROL_BAD = "400 400 400 400 400 400 400 400 400 400"
API_DRAFTS = "401 404 200 200 403 403 200 403 404 200"
API_SEE_GUIDE = "401 404 200 200 200 200 200 200 404 200"
API_SEE_ROW = "401 404 200 200 200 200 200 404 404 200"
API_RECORD_BAD = "401 404 400 400 403 403 400 403 404 400"
API_WITHDRAW = "401 404 204 204 403 403 204 403 404 204"
API_WRONG_BYTES = "401 404 422 422 403 403 422 403 404 422"

HELD_FORM = "302 404 422 422 403 403 403 404 404 422"
HELD_DONE = "302 404 302 302 403 403 403 404 404 302"
HELD_LATE = "302 404 409 409 403 403 403 404 404 409"

#                     anon outs lead cons faci loca obse exec cont super
FOREIGN_PAGE = "302 404 200 200 200 404 404 404 404 200"
FOREIGN_CORRECT = "302 404 200 200 403 403 404 404 404 200"
FOREIGN_DONE = "302 404 302 302 403 403 404 404 404 302"
REPORT_FORM = "302 404 422 422 403 422 403 404 404 422"
REPORT_LATE = "302 404 409 409 403 409 403 404 404 409"
FOREIGN_REPORT = "302 404 409 409 403 404 403 404 404 409"
FOREIGN_REMARK = "302 404 422 422 403 404 403 404 404 422"
OTHERS_REMARK = "302 404 403 403 403 403 403 404 404 403"
FOREIGN_WITHDRAW = "401 404 204 204 403 403 404 403 404 204"
API_FOREIGN_STATUS = "401 404 200 200 200 404 404 404 404 200"

EDIT_STALE = "302 404 409 409 403 403 403 404 404 409"
SEE_COVERAGE = "302 404 200 200 200 200 404 200 404 200"
SEE_MYSTERY = "302 404 200 200 200 404 200 404 404 200"

HERE = ("casa-nord",)
DEVICE = (*HERE, "$device")
ONE = (*HERE, "$observation")
VISIT = (*HERE, "$visit")  # at the location of the cast's manager, for its observer
FOREIGN = (*HERE, "$foreign")  # at another location, by nobody of the cast
GONE = (*HERE, "$withdrawn")


def prepare(programme: Programme) -> dict[str, Any]:
    """An open guide; an observation of the cast's observer with a photo to come, and a withdrawn one."""
    make_framework(programme.journeys.get(key="family-store"))
    observer = programme.memberships.get(role="observer").user
    medium = str(uuid.uuid4())
    item = {
        "id": medium,
        "sha256": hashlib.sha256(b"photo").hexdigest(),
        "size": 5,
        "type": "image/jpeg",
    }
    made = {"observation": make_document(media=[item]), "withdrawn": make_document()}
    for document in made.values():
        submit_observation(programme=programme, document=document, user=observer)
    made["foreign"] = make_document(location="LYO1", observer="OBS-9")
    submit_observation(programme=programme, document=made["foreign"], user=None)
    withdraw_observation(observation=Observation.objects.get(uuid=made["withdrawn"]["id"]))
    exclusion = exclude_observer(programme=programme, observer="OBS-X", reason="Fraude", user=None)
    with translation.override("fr"):  # the reasons are kept in the words of whoever sent
        held = [hold(programme, answers={f"S{number}-x": 0}) for number in (8, 9)]
        dismiss_copy(copy=held[1], note="Doublon", user=observer)
    remark = comment_on_report(
        observation=Observation.objects.get(uuid=made["observation"]["id"]),
        text="Vu",
        author=programme.memberships.get(role="observer").user,
    )
    ids = {name: document["id"] for name, document in made.items()}
    photos = {"stored": _photo_of(ids["observation"]), "seen": _photo_of(ids["foreign"])}
    today = timezone.localdate()
    window: dict[str, Any] = {"first_on": today, "last_on": today, "observer": "OBS-1"}
    device = Device.objects.create(programme=programme, name="Tablet 1")
    return (
        ids
        | photos
        | {
            "medium": medium,
            "exclusion": exclusion.pk,
            "device": device.pk,
            "draft": str(uuid.uuid4()),
            "visit": str(make_visit(programme, method="store_team", **window).uuid),
            "remark": remark.pk,
            "held": held[0].pk,
            "dismissed": held[1].pk,
            "mystery": str(make_visit(programme, **window).uuid),
        }
    )


def _photo_of(observation: str) -> str:
    photo = Media.objects.create(
        observation=Observation.objects.get(uuid=observation),
        uuid=uuid.uuid4(),
        sha256=hashlib.sha256(b"photo").hexdigest(),
        size=5,
        type="image/jpeg",
        file=ContentFile(b"photo", "photo"),
    )
    return str(photo.uuid)


ROWS = [
    Row("observations:observation-list", "GET", HERE, SEE_LIST),
    Row("observations:held-list", "GET", HERE, HELD),
    Row("observations:held-detail", "GET", (*HERE, "$held"), HELD),
    Row("observations:held-correct", "POST", (*HERE, "$held"), HELD_FORM),
    Row("observations:held-keep", "POST", (*HERE, "$held"), HELD_FORM),
    Row("observations:held-accept", "POST", (*HERE, "$held"), HELD_FORM),
    Row("observations:held-dismiss", "POST", (*HERE, "$held"), HELD_FORM),
    Row("observations:held-reopen", "POST", (*HERE, "$held"), HELD_LATE),
    Row("observations:held-reopen", "POST", (*HERE, "$dismissed"), HELD_DONE),
    Row("observations:odk-import", "GET", HERE, HELD),
    Row("observations:odk-import", "POST", HERE, HELD_FORM),
    Row("observations:odk-form", "GET", (*HERE, "family-store", "1"), HELD),
    Row("observations:observation-start", "GET", HERE, ONE_GUIDE),
    Row("observations:observation-create", "GET", (*HERE, "family-store"), RECORD),
    Row("observations:observation-create", "POST", (*HERE, "family-store"), RECORD_FORM),
    Row("observations:observation-detail", "GET", ONE, SEE_LIST),
    Row("observations:observation-photo", "GET", (*ONE, "$stored"), SEE_LIST),
    Row("observations:observation-photo", "GET", (*FOREIGN, "$seen"), FOREIGN_PAGE),
    Row("observations:report-acknowledge", "POST", ONE, REPORT_LATE),
    Row("observations:report-comment", "POST", ONE, REPORT_FORM),
    Row("observations:report-comment-remove", "POST", (*ONE, "$remark"), OTHERS_REMARK),
    Row("observations:report-acknowledge", "POST", FOREIGN, FOREIGN_REPORT),
    Row("observations:report-comment", "POST", FOREIGN, FOREIGN_REMARK),
    Row("observations:observation-edit", "GET", ONE, CORRECT),
    Row("observations:observation-edit", "POST", ONE, CORRECT_FORM),
    Row("observations:observation-withdraw", "POST", ONE, CORRECT_DONE),
    Row("observations:observation-restore", "POST", GONE, CORRECT_DONE),
    Row("observations:observation-move", "GET", ONE, CORRECT),
    Row("observations:observation-move", "POST", ONE, CORRECT_FORM),
    Row("observations:exclusion-list", "GET", HERE, HELD),
    Row("observations:exclusion-create", "GET", HERE, HELD),
    Row("observations:exclusion-create", "POST", HERE, EXCLUDE_FORM),
    Row("observations:exclusion-readmit", "POST", (*HERE, "$exclusion"), EXCLUDE_DONE),
    Row("observations:visit-list", "GET", HERE, SEE_LIST),
    Row("observations:visit-plan", "GET", HERE, HELD),
    Row("observations:visit-plan", "POST", HERE, EXCLUDE_FORM),
    Row("observations:visit-next-wave", "GET", HERE, HELD),
    Row("observations:visit-next-wave", "POST", HERE, EXCLUDE_FORM),
    Row("observations:visit-rules", "GET", HERE, HELD),
    Row("observations:visit-rules", "POST", HERE, EXCLUDE_FORM),
    Row("observations:visit-coverage", "GET", HERE, SEE_COVERAGE),
    Row("observations:visit-coverage-csv", "GET", HERE, SEE_COVERAGE),
    Row("observations:visit-extra", "GET", HERE, HELD),
    Row("observations:visit-detail", "GET", VISIT, SEE_LIST),
    Row("observations:visit-detail", "GET", (*HERE, "$mystery"), SEE_MYSTERY),
    Row("observations:visit-edit", "GET", VISIT, HELD),
    Row("observations:visit-edit", "POST", VISIT, EDIT_STALE),
    Row("observations:visit-cancel", "POST", VISIT, EXCLUDE_DONE),
    Row("observations:visit-reinstate", "POST", VISIT, EXCLUDE_DONE),
    Row("observations:visit-delete", "POST", VISIT, EXCLUDE_DONE),
    Row("observations:observation-visit", "POST", ONE, EXCLUDE_DONE),
    Row("observations:observation-detail", "GET", FOREIGN, FOREIGN_PAGE),
    Row("observations:observation-move", "GET", FOREIGN, FOREIGN_CORRECT),
    Row("observations:observation-edit", "GET", FOREIGN, FOREIGN_CORRECT),
    Row("observations:observation-withdraw", "POST", FOREIGN, FOREIGN_DONE),
    Row("observations:device-list", "GET", HERE, MANAGE),
    Row("observations:device-create", "GET", HERE, MANAGE),
    Row("observations:device-create", "POST", HERE, MANAGE_FORM),
    Row("observations:device-edit", "GET", DEVICE, MANAGE),
    Row("observations:device-edit", "POST", DEVICE, MANAGE_FORM),
    Row("observations:device-code", "POST", DEVICE, MANAGE),
    Row("observations:device-revoke", "POST", DEVICE, MANAGE_DONE),
    Row("observations:queue-import", "GET", HERE, MANAGE),
    Row("observations:queue-import", "POST", HERE, MANAGE_FORM),
    Row("api-enrolment", "POST", (), API_ENROL_BAD, body="{}"),
    Row("api-draft-list", "GET", HERE, API_DRAFTS),
    Row("api-draft", "PUT", (*HERE, "$draft"), API_RECORD_BAD, body="{}"),
    Row("api-draft", "DELETE", (*HERE, "$draft"), API_WITHDRAW),
    Row("api-observation", "DELETE", FOREIGN, FOREIGN_WITHDRAW),
    Row("api-observation-status", "GET", FOREIGN, API_FOREIGN_STATUS),
    Row("api-guides", "GET", HERE, API_SEE_GUIDE),
    Row("api-observation", "PUT", ONE, API_RECORD_BAD, body="{}"),
    Row("api-observation", "DELETE", ONE, API_WITHDRAW),
    Row("api-observation-sync", "POST", HERE, API_RECORD_BAD, body="{}"),
    Row("api-observation-status", "GET", ONE, API_SEE_ROW),
    Row("api-observation-media", "PUT", (*ONE, "$medium"), API_WRONG_BYTES, body="{}"),
    Row("observations:field", "GET", (), EVERYBODY_200),
    Row("observations:field-service-worker", "GET", (), EVERYBODY_200),
    Row("observations:field-manifest", "GET", (), EVERYBODY_200),
    Row("observations:field-words", "GET", ("fr",), EVERYBODY_200),
    Row("observations:field-icon", "GET", ("192",), EVERYBODY_200),
]
