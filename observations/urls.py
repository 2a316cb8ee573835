from django.urls import path

from observations.views import devices, excluding, moving, queue_import, reading, recording

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
]
