from django.urls import path

from observations.views import excluding, field, moving, reading, recording

app_name = "observations"
urlpatterns = [
    path("programmes/<slug:slug>/observations/", reading.observation_list, name="observation-list"),
    path("programmes/<slug:slug>/observations/held/", reading.held_list, name="held-list"),
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
    path("field/", field.field, name="field"),
    path("field/service-worker.js", field.field_service_worker, name="field-service-worker"),
    path("field/manifest.webmanifest", field.field_manifest, name="field-manifest"),
    path("field/words/<str:language>.json", field.field_words, name="field-words"),
    path("field/icon-<int:size>.png", field.field_icon, name="field-icon"),
]
