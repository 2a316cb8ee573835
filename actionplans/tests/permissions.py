"""Step 5: who reads the plan, who edits it, and whose action it is."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tests.permission_rows import EVERYBODY_200, LOGGED_IN_200, LOGGED_IN_302, Row
from actionplans.action_files import attach_file
from actionplans.action_models import ActionComment, ActionDependency, ActionPerson, SubTask
from actionplans.letters_before import way_out_link
from actionplans.models import Action, ActionEffect
from actionplans.pattern_models import OwnPattern
from actionplans.tests.factories import join, make_action, make_group, make_workshop
from actionplans.tests.measures import make_measure
from journeys.models import Programme

#           anon outs lead cons faci loca obse exec cont super
SEE_PLAN = "302 404 200 200 200 404 404 200 302 200"
SEE_ROW = "302 404 200 200 200 404 404 200 200 200"
EDIT_PAGE = "302 404 200 200 200 404 404 403 403 200"
EDIT_FORM = "302 404 422 422 422 404 404 403 403 422"
# The empty body names no version of the row: somebody else's change can't be ruled out.
EDIT_STALE = "302 404 409 409 409 404 404 403 403 409"
EDIT_DONE = "302 404 302 302 302 404 404 403 403 302"
OWN_FORM = "302 404 422 422 422 404 404 403 422 422"
OWN_PAGE = "302 404 200 200 200 404 404 403 200 200"
DATES_PAGE = "302 404 200 200 200 404 404 403 403 200"
OWN_DONE = "302 404 302 302 302 404 404 403 302 302"
# Whoever reads an action may talk about it; only who wrote a comment deletes it.
TALK = "302 404 422 422 422 404 404 422 422 422"
OWN_COMMENT = "302 404 302 403 403 404 404 403 403 403"
NOT_OWN_FORM = "302 404 422 422 422 404 404 403 404 422"
# Impact is made of scores: a contributor, who sees none, has none to see.
API_EFFECT = "401 404 200 200 200 404 404 200 404 200"

# A workshop that runs is for whoever runs workshops; the public pages know phones, not people.
WORKSHOPS = "302 404 200 200 200 404 404 200 404 200"
PREPARE = "302 404 200 200 200 404 404 403 404 200"
PREPARE_FORM = "302 404 422 422 422 404 404 403 404 422"
RUN = "302 404 200 200 200 404 404 404 404 200"
RUN_FORM = "302 404 422 422 422 404 404 404 404 422"
RUN_DONE = "302 404 302 302 302 404 404 404 404 302"
MINUTES = "302 404 200 200 200 404 404 200 404 200"
# Of a closed one, even the minutes' reader sees that it is there, and may not change it.
CLOSED_CONSOLE = "302 404 302 302 302 404 404 403 404 302"
DOOR = "200 200 200 200 200 200 200 200 200 200"
DOOR_FORM = "422 422 422 422 422 422 422 422 422 422"
NO_PHONE = "404 404 404 404 404 404 404 404 404 404"

HERE = ("casa-nord",)
STAGE = (*HERE, "family-store", "S3")
OWN = (*HERE, "$own_action")
OTHER = (*HERE, "$other_action")
RUNS = (*HERE, "$runs")
GROUP = (*RUNS, "$group")
GAP = (*RUNS, "$gap")
CLOSED = (*HERE, "$closed")
PREPARED = (*HERE, "$prepared")


def prepare(programme: Programme) -> dict[str, Any]:
    """An action of the cast's contributor, and one of its facilitator."""
    stage = programme.journeys.get(key="family-store").stages.get(key="S3")
    owners = {
        name: programme.memberships.get(role=role).user
        for name, role in (("own_action", "contributor"), ("other_action", "facilitator"))
    }
    world = {name: make_action(stage, owner).pk for name, owner in owners.items()}
    action = Action.objects.get(pk=world["own_action"])
    lead = programme.memberships.get(role="lead").user
    parts = {
        "action_part": ActionPerson.objects.create(action=action, person=lead, part="C"),
        "action_wait": ActionDependency.objects.create(
            action=action, needs_id=world["other_action"]
        ),
        "action_task": SubTask.objects.create(action=action, position=1, text="Measure"),
        "action_comment": ActionComment.objects.create(action=action, author=lead, text="Why?"),
        "action_file": attach_file(
            action=action, upload=SimpleUploadedFile("a.pdf", b"bytes"), actor=lead
        ),
    }
    world |= {name: row.pk for name, row in parts.items()}
    effect = ActionEffect.objects.create(
        action_id=world["own_action"], interaction="S3-b", to_points=0
    )
    measure = make_measure(Action.objects.get(pk=world["own_action"]))
    pattern = OwnPattern.objects.create(
        programme=programme, title="Caisse 2", dimension="process", kind="improvement"
    )
    made = {"own_effect": effect.pk, "measure": measure.pk, "pattern": pattern.pk}
    way_out = {"before_due": way_out_link(action.owner).split("/")[-3]}
    return world | made | way_out | _workshops(programme)


def _workshops(programme: Programme) -> dict[str, Any]:
    """One being prepared, one that runs, one that is closed."""
    stage = programme.journeys.get(key="family-store").stages.get(key="S3")
    facilitator = programme.memberships.get(role="facilitator").user
    words: dict[str, Any] = {"title": "Fin des attentes", "question": "{stage} ?"}
    runs = make_workshop([stage], facilitator, phase="commit", **words)
    group = make_group(runs, "Caisse 2")
    _phone, person = join(runs)
    return {
        "prepared": make_workshop([stage], facilitator, **words).pk,
        "runs": runs.pk,
        "closed": make_workshop([stage], facilitator, phase="closed", **words).pk,
        "gap": runs.gaps.get().pk,
        "group": group.pk,
        "idea": group.ideas.get().pk,
        "person": person.pk,
    }


ROWS = [
    Row("actionplans:plan", "GET", HERE, SEE_PLAN),
    Row("actionplans:action-create", "GET", STAGE, EDIT_PAGE),
    Row("actionplans:action-create", "POST", STAGE, EDIT_FORM),
    Row("actionplans:action-list", "GET", HERE, SEE_ROW),
    Row("actionplans:action-detail", "GET", OWN, SEE_ROW),
    Row("actionplans:action-update", "POST", OWN, OWN_FORM),
    Row("actionplans:action-update", "POST", OTHER, NOT_OWN_FORM),
    Row("actionplans:action-edit", "GET", OWN, EDIT_PAGE),
    Row("actionplans:action-edit", "POST", OWN, EDIT_STALE),
    Row("actionplans:action-delete", "GET", OWN, EDIT_PAGE),
    Row("actionplans:action-delete", "POST", OWN, EDIT_DONE),
    Row("actionplans:effect-create", "GET", OWN, EDIT_PAGE),
    Row("actionplans:effect-create", "POST", OWN, EDIT_FORM),
    Row("actionplans:effect-delete", "POST", (*OWN, "$own_effect"), EDIT_DONE),
    Row("actionplans:measure-create", "GET", OWN, EDIT_PAGE),
    Row("actionplans:measure-create", "POST", OWN, EDIT_FORM),
    Row("actionplans:measure-close", "POST", (*OWN, "$measure"), EDIT_DONE),
    Row("actionplans:planner", "GET", (*HERE, "family-store"), WORKSHOPS),
    Row("actionplans:pattern-list", "GET", HERE, WORKSHOPS),
    Row("actionplans:pattern-create", "GET", OWN, EDIT_PAGE),
    Row("actionplans:pattern-create", "POST", OWN, EDIT_FORM),
    Row("actionplans:pattern-delete", "POST", (*HERE, "$pattern"), EDIT_DONE),
    Row("actionplans:day-rate-edit", "GET", HERE, EDIT_PAGE),
    Row("actionplans:day-rate-edit", "POST", HERE, EDIT_FORM),
    Row("actionplans:action-board", "GET", HERE, SEE_ROW),
    Row("actionplans:action-timeline", "GET", HERE, SEE_ROW),
    Row("actionplans:action-calendar", "GET", HERE, SEE_ROW),
    Row("actionplans:action-bulk", "POST", HERE, EDIT_FORM),
    Row("actionplans:project-create", "GET", HERE, EDIT_PAGE),
    Row("actionplans:project-create", "POST", HERE, EDIT_FORM),
    Row("actionplans:project-import", "GET", HERE, EDIT_PAGE),
    Row("actionplans:project-import", "POST", HERE, EDIT_FORM),
    Row("actionplans:action-move", "GET", OWN, OWN_PAGE),
    Row("actionplans:action-move", "POST", OWN, OWN_FORM),
    Row("actionplans:action-move", "POST", OTHER, NOT_OWN_FORM),
    Row("actionplans:action-dates", "GET", OWN, DATES_PAGE),
    Row("actionplans:action-dates", "POST", OWN, EDIT_FORM),
    Row("actionplans:person-add", "POST", OWN, EDIT_FORM),
    Row("actionplans:person-drop", "POST", (*OWN, "$action_part"), EDIT_DONE),
    Row("actionplans:dependency-add", "POST", OWN, EDIT_FORM),
    Row("actionplans:dependency-drop", "POST", (*OWN, "$action_wait"), EDIT_DONE),
    Row("actionplans:task-add", "POST", OWN, OWN_FORM),
    Row("actionplans:task-tick", "POST", (*OWN, "$action_task"), OWN_DONE),
    Row("actionplans:task-move", "POST", (*OWN, "$action_task"), OWN_DONE),
    Row("actionplans:task-drop", "POST", (*OWN, "$action_task"), OWN_DONE),
    Row("actionplans:file-add", "POST", OWN, OWN_FORM),
    Row("actionplans:file-download", "GET", (*OWN, "$action_file"), SEE_ROW),
    Row("actionplans:file-drop", "POST", (*OWN, "$action_file"), OWN_DONE),
    Row("actionplans:action-comment", "POST", OWN, TALK),
    Row("actionplans:comment-drop", "POST", (*OWN, "$action_comment"), OWN_COMMENT),
    Row("actionplans:workshop-list", "GET", HERE, WORKSHOPS),
    Row("actionplans:workshop-create", "GET", HERE, PREPARE),
    Row("actionplans:workshop-create", "POST", HERE, PREPARE_FORM),
    Row("actionplans:workshop-edit", "GET", PREPARED, RUN),
    Row("actionplans:workshop-edit", "POST", PREPARED, RUN_FORM),
    Row("actionplans:workshop-delete", "POST", PREPARED, RUN_DONE),
    Row("actionplans:workshop-console", "GET", RUNS, RUN),
    Row("actionplans:workshop-console", "GET", CLOSED, CLOSED_CONSOLE),
    Row("actionplans:workshop-wall", "GET", RUNS, RUN),
    Row("actionplans:workshop-screen", "GET", RUNS, RUN),
    Row("actionplans:workshop-minutes", "GET", CLOSED, MINUTES),
    Row("actionplans:workshop-minutes", "GET", RUNS, RUN),
    Row("actionplans:workshop-minutes-pdf", "GET", CLOSED, MINUTES),
    Row("actionplans:workshop-move", "POST", RUNS, RUN_FORM),
    Row("actionplans:workshop-clock", "POST", RUNS, RUN_FORM),
    Row("actionplans:workshop-lead", "POST", RUNS, RUN_DONE),
    Row("actionplans:workshop-person", "POST", (*RUNS, "$person"), RUN_FORM),
    Row("actionplans:workshop-idea", "POST", GAP, RUN_FORM),
    Row("actionplans:workshop-grouping", "POST", GAP, RUN_FORM),
    Row("actionplans:workshop-gap-vote", "POST", GAP, RUN_FORM),
    Row("actionplans:workshop-ungroup", "POST", (*RUNS, "$idea"), RUN_DONE),
    Row("actionplans:workshop-group", "POST", GROUP, RUN_FORM),
    Row("actionplans:workshop-place", "POST", GROUP, RUN_DONE),
    Row("actionplans:workshop-effect", "GET", GROUP, RUN),
    Row("actionplans:workshop-effect", "POST", GROUP, RUN_FORM),
    Row("actionplans:workshop-effect-drop", "POST", GROUP, RUN_DONE),
    Row("actionplans:workshop-commit", "GET", GROUP, RUN),
    Row("actionplans:workshop-commit", "POST", GROUP, RUN_FORM),
    Row("actionplans:workshop-park", "POST", GROUP, RUN_DONE),
    Row("actionplans:my-actions", "GET", (), LOGGED_IN_200),
    Row("actionplans:feed-create", "POST", (), LOGGED_IN_200),
    Row("actionplans:feed-revoke", "POST", (), LOGGED_IN_302),
    Row("actionplans:letter-choice", "POST", (), LOGGED_IN_302),
    Row("actionplans:letters-unsubscribe", "GET", ("$before_due",), EVERYBODY_200),
    Row("actionplans:letters-unsubscribe", "POST", ("$before_due",), EVERYBODY_200),
    # Whoever holds the address: who they are logged in as is nothing to it.
    Row("actionplans:calendar-feed", "GET", ("unknown",), NO_PHONE),
    Row("actionplans:join", "GET", (), DOOR),
    Row("actionplans:join", "POST", (), DOOR_FORM),
    Row("actionplans:room", "GET", (), NO_PHONE),
    Row("actionplans:room-screen", "GET", (), NO_PHONE),
    Row("actionplans:room-idea", "POST", (), NO_PHONE),
    Row("actionplans:room-withdraw", "POST", (), NO_PHONE),
    Row("actionplans:room-dot", "POST", (), NO_PHONE),
    Row("actionplans:room-done", "POST", (), NO_PHONE),
    Row("api-action-effect", "GET", OWN, API_EFFECT),
    Row("api-action-measures", "GET", OWN, API_EFFECT),
]
