"""Step 5: the plan of a programme and its actions."""

from django.urls import URLPattern, URLResolver, path

from actionplans.views import (
    action_parts,
    actions,
    bulk,
    effects,
    measures,
    moving,
    my_actions,
    patterns,
    plan_views,
    plans,
    projects,
    workshop_board,
    workshop_desk,
    workshop_phone,
    workshops,
)

app_name = "actionplans"

PROGRAMME = "programmes/<slug:slug>/"
ACTION = PROGRAMME + "actions/<int:pk>/"
TASK = ACTION + "tasks/<int:task_pk>/"
WORKSHOPS = PROGRAMME + "workshops/"
WORKSHOP = WORKSHOPS + "<int:pk>/"
GAP = WORKSHOP + "gaps/<int:gap_pk>/"
GROUP = WORKSHOP + "groups/<int:group_pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(PROGRAMME + "plan/", plans.plan, name="plan"),
    path(
        PROGRAMME + "plan/journeys/<str:key>/stages/<str:stage_key>/action/new/",
        plans.action_create,
        name="action-create",
    ),
    path(PROGRAMME + "actions/", actions.action_list, name="action-list"),
    path(PROGRAMME + "actions/board/", plan_views.action_board, name="action-board"),
    path(PROGRAMME + "actions/timeline/", plan_views.action_timeline, name="action-timeline"),
    path(PROGRAMME + "actions/calendar/", plan_views.action_calendar, name="action-calendar"),
    path(PROGRAMME + "actions/projects/new/", projects.project_create, name="project-create"),
    path(PROGRAMME + "actions/projects/import/", projects.project_import, name="project-import"),
    path(PROGRAMME + "actions/bulk/", bulk.action_bulk, name="action-bulk"),
    path(ACTION + "move/", moving.action_move, name="action-move"),
    path(ACTION + "dates/", moving.action_dates, name="action-dates"),
    path(ACTION, actions.action_detail, name="action-detail"),
    path(ACTION + "edit/", actions.action_edit, name="action-edit"),
    path(ACTION + "update/", actions.action_update, name="action-update"),
    path(ACTION + "delete/", actions.action_delete, name="action-delete"),
    path(ACTION + "people/new/", action_parts.person_add, name="person-add"),
    path(ACTION + "people/<int:part_pk>/drop/", action_parts.person_drop, name="person-drop"),
    path(ACTION + "waits/new/", action_parts.dependency_add, name="dependency-add"),
    path(
        ACTION + "waits/<int:wait_pk>/drop/", action_parts.dependency_drop, name="dependency-drop"
    ),
    path(ACTION + "tasks/new/", action_parts.task_add, name="task-add"),
    path(TASK + "tick/", action_parts.task_tick, name="task-tick"),
    path(TASK + "move/", action_parts.task_move, name="task-move"),
    path(TASK + "drop/", action_parts.task_drop, name="task-drop"),
    path(ACTION + "files/new/", action_parts.file_add, name="file-add"),
    path(ACTION + "files/<uuid:file_pk>/", action_parts.file_download, name="file-download"),
    path(ACTION + "files/<uuid:file_pk>/drop/", action_parts.file_drop, name="file-drop"),
    path(ACTION + "comments/new/", action_parts.action_comment, name="action-comment"),
    path(
        ACTION + "comments/<int:comment_pk>/drop/", action_parts.comment_drop, name="comment-drop"
    ),
    path(ACTION + "effects/new/", effects.effect_create, name="effect-create"),
    path(ACTION + "effects/<int:effect_pk>/delete/", effects.effect_delete, name="effect-delete"),
    path(ACTION + "measure/new/", measures.measure_create, name="measure-create"),
    path(ACTION + "measure/<int:measure_pk>/close/", measures.measure_close, name="measure-close"),
    path(PROGRAMME + "plan/journeys/<str:key>/planner/", measures.planner, name="planner"),
    path(PROGRAMME + "plan/library/", patterns.pattern_list, name="pattern-list"),
    path(
        PROGRAMME + "plan/library/<int:pk>/delete/", patterns.pattern_delete, name="pattern-delete"
    ),
    path(ACTION + "pattern/new/", patterns.pattern_create, name="pattern-create"),
    path(PROGRAMME + "plan/day-rate/", effects.day_rate_edit, name="day-rate-edit"),
    path(WORKSHOPS, workshops.workshop_list, name="workshop-list"),
    path(WORKSHOPS + "new/", workshops.workshop_create, name="workshop-create"),
    path(WORKSHOP, workshop_desk.workshop_console, name="workshop-console"),
    path(WORKSHOP + "edit/", workshops.workshop_edit, name="workshop-edit"),
    path(WORKSHOP + "delete/", workshops.workshop_delete, name="workshop-delete"),
    path(WORKSHOP + "minutes/", workshops.workshop_minutes, name="workshop-minutes"),
    path(WORKSHOP + "minutes.pdf", workshops.workshop_minutes_pdf, name="workshop-minutes-pdf"),
    path(WORKSHOP + "wall/", workshop_desk.workshop_wall, name="workshop-wall"),
    path(WORKSHOP + "screen/", workshop_desk.workshop_screen, name="workshop-screen"),
    path(WORKSHOP + "move/", workshop_desk.workshop_move, name="workshop-move"),
    path(WORKSHOP + "clock/", workshop_desk.workshop_clock, name="workshop-clock"),
    path(WORKSHOP + "lead/", workshop_desk.workshop_lead, name="workshop-lead"),
    path(
        WORKSHOP + "people/<int:person_pk>/", workshop_desk.workshop_person, name="workshop-person"
    ),
    path(GAP + "ideas/", workshop_board.workshop_idea, name="workshop-idea"),
    path(GAP + "grouping/", workshop_board.workshop_grouping, name="workshop-grouping"),
    path(GAP + "vote/", workshop_board.workshop_gap_vote, name="workshop-gap-vote"),
    path(
        WORKSHOP + "ideas/<int:idea_pk>/ungroup/",
        workshop_board.workshop_ungroup,
        name="workshop-ungroup",
    ),
    path(GROUP, workshop_board.workshop_group, name="workshop-group"),
    path(GROUP + "place/", workshop_board.workshop_place, name="workshop-place"),
    path(GROUP + "effect/", workshop_board.workshop_effect, name="workshop-effect"),
    path(GROUP + "effect/drop/", workshop_board.workshop_effect_drop, name="workshop-effect-drop"),
    path(GROUP + "action/", workshop_board.workshop_commit, name="workshop-commit"),
    path(GROUP + "park/", workshop_board.workshop_park, name="workshop-park"),
    path("my/actions/", my_actions.my_actions, name="my-actions"),
    path("my/actions/calendar/new/", my_actions.feed_create, name="feed-create"),
    path("my/actions/calendar/revoke/", my_actions.feed_revoke, name="feed-revoke"),
    path("my/actions/letters/", my_actions.letter_choice, name="letter-choice"),
    path(
        "my/actions/letters/<str:token>/off/",
        my_actions.letters_unsubscribe,
        name="letters-unsubscribe",
    ),
    path("calendar/<str:token>.ics", my_actions.calendar_feed, name="calendar-feed"),
    # Short, because it is read from the wall and typed on a phone.
    path("w/", workshop_phone.join, name="join"),
    path("w/room/", workshop_phone.room, name="room"),
    path("w/room/screen/", workshop_phone.room_screen, name="room-screen"),
    path("w/room/ideas/", workshop_phone.room_idea, name="room-idea"),
    path("w/room/ideas/withdraw/", workshop_phone.room_withdraw, name="room-withdraw"),
    path("w/room/dots/", workshop_phone.room_dot, name="room-dot"),
    path("w/room/done/", workshop_phone.room_done, name="room-done"),
]
