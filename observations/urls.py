from django.urls import include, path

from observations.views import excluding, held, moving, odk, reading, recording, reports

app_name = "observations"

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
]
