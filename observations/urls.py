from django.urls import include, path

from observations.views import (
    coverage,
    devices,
    excluding,
    field,
    held,
    moving,
    odk,
    photos,
    planning,
    queue_import,
    reading,
    recording,
    reports,
    visits,
)

app_name = "observations"

VISITS = "programmes/<slug:slug>/visits/"
VISIT = VISITS + "<uuid:one>/"

_held = [
    path("", held.held_detail, name="held-detail"),
    path("correct/", held.held_correct, name="held-correct"),
    path("keep/", held.held_keep, name="held-keep"),
    path("accept/", held.held_accept, name="held-accept"),
    path("dismiss/", held.held_dismiss, name="held-dismiss"),
    path("reopen/", held.held_reopen, name="held-reopen"),
]
_report = [
    path("acknowledge/", reports.report_acknowledge, name="report-acknowledge"),
    path("comments/", reports.report_comment, name="report-comment"),
    path("comments/<int:pk>/remove/", reports.report_comment_remove, name="report-comment-remove"),
]
urlpatterns = [
    path("programmes/<slug:slug>/observations/import-odk/", odk.odk_import, name="odk-import"),
    path(
        "programmes/<slug:slug>/observations/import-odk/<str:key>/<int:version>.xlsx",
        odk.odk_form,
        name="odk-form",
    ),
    path("programmes/<slug:slug>/observations/", reading.observation_list, name="observation-list"),
    path("programmes/<slug:slug>/observations/held/", held.held_list, name="held-list"),
    path("programmes/<slug:slug>/observations/held/<int:pk>/", include(_held)),
    path(
        "programmes/<slug:slug>/observations/new/",
        recording.observation_start,
        name="observation-start",
    ),
    path(
        "programmes/<slug:slug>/observations/new/<str:key>/",
        recording.observation_create,
        name="observation-create",
    ),
    path(
        "programmes/<slug:slug>/observations/<uuid:one>/",
        reading.observation_detail,
        name="observation-detail",
    ),
    path("programmes/<slug:slug>/observations/<uuid:one>/", include(_report)),
    path(
        "programmes/<slug:slug>/observations/<uuid:one>/media/<uuid:medium>/",
        photos.observation_photo,
        name="observation-photo",
    ),
    path(
        "programmes/<slug:slug>/observations/<uuid:one>/edit/",
        recording.observation_edit,
        name="observation-edit",
    ),
    path(
        "programmes/<slug:slug>/observations/<uuid:one>/withdraw/",
        reading.observation_withdraw,
        name="observation-withdraw",
    ),
    path(
        "programmes/<slug:slug>/observations/<uuid:one>/restore/",
        reading.observation_restore,
        name="observation-restore",
    ),
    path(
        "programmes/<slug:slug>/observations/<uuid:one>/move/",
        moving.observation_move,
        name="observation-move",
    ),
    path(
        "programmes/<slug:slug>/observations/exclusions/",
        excluding.exclusion_list,
        name="exclusion-list",
    ),
    path(
        "programmes/<slug:slug>/observations/exclusions/new/",
        excluding.exclusion_create,
        name="exclusion-create",
    ),
    path(
        "programmes/<slug:slug>/observations/exclusions/<int:pk>/readmit/",
        excluding.exclusion_readmit,
        name="exclusion-readmit",
    ),
    path(
        "programmes/<slug:slug>/observations/queue-file/",
        queue_import.queue_import,
        name="queue-import",
    ),
    path("programmes/<slug:slug>/devices/", devices.device_list, name="device-list"),
    path("programmes/<slug:slug>/devices/new/", devices.device_create, name="device-create"),
    path("programmes/<slug:slug>/devices/<int:pk>/edit/", devices.device_edit, name="device-edit"),
    path("programmes/<slug:slug>/devices/<int:pk>/code/", devices.device_code, name="device-code"),
    path(
        "programmes/<slug:slug>/devices/<int:pk>/revoke/",
        devices.device_revoke,
        name="device-revoke",
    ),
    path(
        "programmes/<slug:slug>/observations/<uuid:one>/visit/",
        coverage.observation_visit,
        name="observation-visit",
    ),
    path(VISITS, visits.visit_list, name="visit-list"),
    path(VISITS + "plan/", planning.visit_plan, name="visit-plan"),
    path(VISITS + "next-wave/", planning.visit_next_wave, name="visit-next-wave"),
    path(VISITS + "rules/", planning.visit_rules, name="visit-rules"),
    path(VISITS + "coverage/", coverage.visit_coverage, name="visit-coverage"),
    path(VISITS + "coverage.csv", coverage.visit_coverage_csv, name="visit-coverage-csv"),
    path(VISITS + "extra/", coverage.visit_extra, name="visit-extra"),
    path(VISIT, visits.visit_detail, name="visit-detail"),
    path(VISIT + "edit/", visits.visit_edit, name="visit-edit"),
    path(VISIT + "cancel/", visits.visit_cancel, name="visit-cancel"),
    path(VISIT + "reinstate/", visits.visit_reinstate, name="visit-reinstate"),
    path(VISIT + "delete/", visits.visit_delete, name="visit-delete"),
    path("field/", field.field, name="field"),
    path("field/service-worker.js", field.field_service_worker, name="field-service-worker"),
    path("field/manifest.webmanifest", field.field_manifest, name="field-manifest"),
    path("field/words/<str:language>.json", field.field_words, name="field-words"),
    path("field/icon-<int:size>.png", field.field_icon, name="field-icon"),
]
