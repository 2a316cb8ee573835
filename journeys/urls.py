"""Steps 1 and 2 and the people of a programme.

Literal words never stand where a key may: a journey could be called "new".
"""

from django.urls import path

from journeys.views import (
    comments,
    comparing,
    documents,
    invitations,
    journeys,
    map_building,
    map_documents,
    map_typing,
    maps,
    members,
    perimeter,
    programmes,
    pulse,
    reuse,
    shared,
    sharing,
    snapshots,
    stage_parts,
    stages,
)

app_name = "journeys"

PROGRAMME = "programmes/<slug:slug>/"
PANEL = PROGRAMME + "perimeter/<slug:panel>/"
ROW = PANEL + "rows/<str:key>/"
JOURNEY = PROGRAMME + "journeys/<str:key>/"
SNAPSHOT = JOURNEY + "snapshots/<int:pk>/"
STAGE = JOURNEY + "stages/<str:stage_key>/"
PART = STAGE + "<slug:part>/"
MEMBERS = PROGRAMME + "members/"
SHARED = "shared/<str:token>/"

urlpatterns = [
    path("programmes/", programmes.programme_list, name="programme-list"),
    path("new-programme/", programmes.programme_create, name="programme-create"),
    path(PROGRAMME + "settings/", programmes.programme_edit, name="programme-edit"),
    path(PROGRAMME + "copy/", programmes.programme_copy, name="programme-copy"),
    path(PROGRAMME + "archive/", programmes.programme_archive, name="programme-archive"),
    path(PROGRAMME + "restore/", programmes.programme_restore, name="programme-restore"),
    path(PROGRAMME + "delete/", programmes.programme_delete, name="programme-delete"),
    path(PROGRAMME + "history/", programmes.history, name="history"),
    # Step 1
    path(PROGRAMME + "perimeter/", perimeter.perimeter, name="perimeter"),
    path(PROGRAMME + "perimeter/stages/", perimeter.perimeter_stages, name="perimeter-stages"),
    path(PROGRAMME + "paste-locations/", perimeter.location_paste, name="location-paste"),
    path(PANEL, perimeter.perimeter_panel, name="perimeter-panel"),
    path(PANEL + "new/", perimeter.perimeter_row_create, name="perimeter-row-create"),
    path(ROW + "edit/", perimeter.perimeter_row_edit, name="perimeter-row-edit"),
    path(ROW + "delete/", perimeter.perimeter_row_delete, name="perimeter-row-delete"),
    path(ROW + "toggle/", perimeter.perimeter_row_toggle, name="perimeter-row-toggle"),
    # Step 2
    path(PROGRAMME + "journeys/", journeys.journey_list, name="journey-list"),
    path(PROGRAMME + "new-journey/", journeys.journey_create, name="journey-create"),
    path(
        PROGRAMME + "new-journey/<slug:template>/",
        reuse.journey_from_template,
        name="journey-from-template",
    ),
    path(PROGRAMME + "compare/", comparing.journey_compare, name="journey-compare"),
    path(JOURNEY, maps.journey_map, name="journey-map"),
    path(JOURNEY + "missing/", maps.map_missing, name="map-missing"),
    path(JOURNEY + "map.pdf", map_documents.journey_map_pdf, name="journey-map-pdf"),
    path(JOURNEY + "map.png", map_documents.journey_map_png, name="journey-map-png"),
    path(JOURNEY + "edit/", journeys.journey_edit, name="journey-edit"),
    path(JOURNEY + "copy/", journeys.journey_copy, name="journey-copy"),
    path(JOURNEY + "delete/", journeys.journey_delete, name="journey-delete"),
    path(JOURNEY + "library/", reuse.stage_library, name="stage-library"),
    path(JOURNEY + "snapshots/", snapshots.snapshot_list, name="snapshot-list"),
    path(SNAPSHOT, snapshots.snapshot_detail, name="snapshot-detail"),
    path(SNAPSHOT + "restore/", snapshots.snapshot_restore, name="snapshot-restore"),
    path(SNAPSHOT + "delete/", snapshots.snapshot_delete, name="snapshot-delete"),
    path(JOURNEY + "lines/stages/", map_typing.stage_lines, name="stage-lines"),
    path(JOURNEY + "lines/<slug:part>/<int:stage>/", map_typing.part_lines, name="part-lines"),
    path(
        JOURNEY + "field/<slug:part>/<int:pk>/<slug:field>/",
        map_typing.row_field,
        name="row-field",
    ),
    path(JOURNEY + "place/<slug:part>/", map_building.rows_place, name="rows-place"),
    path(JOURNEY + "mark/<slug:part>/", map_building.rows_mark, name="rows-mark"),
    path(JOURNEY + "remove/<slug:part>/", map_building.rows_delete, name="rows-delete"),
    path(JOURNEY + "channel/", map_building.touchpoints_channel, name="touchpoints-channel"),
    path(JOURNEY + "walk/<slug:way>/", map_building.map_walk, name="map-walk"),
    path(JOURNEY + "columns/", map_building.map_columns, name="map-columns"),
    path(JOURNEY + "lanes/<slug:lane>/", map_building.map_lane, name="map-lane"),
    path(JOURNEY + "pulse/", pulse.map_pulse, name="map-pulse"),
    path(JOURNEY + "comments/<slug:part>/<int:row>/", comments.comments, name="comments"),
    path(JOURNEY + "comments/<int:pk>/edit/", comments.comment_edit, name="comment-edit"),
    path(JOURNEY + "comments/<int:pk>/delete/", comments.comment_delete, name="comment-delete"),
    path(JOURNEY + "comments/<int:pk>/resolve/", comments.comment_resolve, name="comment-resolve"),
    path(PROGRAMME + "mentions/", comments.mention_list, name="mention-list"),
    path(JOURNEY + "new-stage/", stages.stage_create, name="stage-create"),
    path(STAGE, stages.stage_detail, name="stage-detail"),
    path(STAGE + "edit/", stages.stage_edit, name="stage-edit"),
    path(STAGE + "move/", stages.stage_move, name="stage-move"),
    path(STAGE + "delete/", stages.stage_delete, name="stage-delete"),
    path(STAGE + "toggle/", perimeter.stage_toggle, name="stage-toggle"),
    path(PART, stage_parts.stage_part, name="stage-part"),
    path(PART + "new/", stage_parts.stage_part_create, name="stage-part-create"),
    path(PART + "<int:pk>/edit/", stage_parts.stage_part_edit, name="stage-part-edit"),
    path(PART + "<int:pk>/delete/", stage_parts.stage_part_delete, name="stage-part-delete"),
    # Maps for people without an account
    path(PROGRAMME + "links/", sharing.share_list, name="share-list"),
    path(PROGRAMME + "new-link/", sharing.share_create, name="share-create"),
    path(PROGRAMME + "links/<int:pk>/revoke/", sharing.share_revoke, name="share-revoke"),
    path(SHARED, shared.shared, name="shared"),
    path(SHARED + "<str:key>/", shared.shared_map, name="shared-map"),
    path(SHARED + "<str:key>/map.pdf", shared.shared_map_pdf, name="shared-map-pdf"),
    path(SHARED + "<str:key>/map.png", shared.shared_map_png, name="shared-map-png"),
    path(SHARED + "documents/<uuid:pk>/", shared.shared_document, name="shared-document"),
    path(
        SHARED + "documents/<uuid:pk>/file/",
        shared.shared_document_file,
        name="shared-document-file",
    ),
    # Files that take a while
    path(PROGRAMME + "documents/<uuid:pk>/", documents.document_detail, name="document-detail"),
    path(PROGRAMME + "documents/<uuid:pk>/file/", documents.document_file, name="document-file"),
    # People
    path(MEMBERS, members.member_list, name="member-list"),
    path(MEMBERS + "<int:user_pk>/new-role/", members.role_create, name="role-create"),
    path(MEMBERS + "<int:user_pk>/lead/", members.lead_hand_over, name="lead-hand-over"),
    path(MEMBERS + "roles/<int:pk>/", members.role_edit, name="role-edit"),
    path(MEMBERS + "roles/<int:pk>/remove/", members.role_remove, name="role-remove"),
    path(MEMBERS + "invite/", invitations.invitation_create, name="invitation-create"),
    path(
        MEMBERS + "invitations/<int:pk>/resend/",
        invitations.invitation_resend,
        name="invitation-resend",
    ),
    path(
        MEMBERS + "invitations/<int:pk>/revoke/",
        invitations.invitation_revoke,
        name="invitation-revoke",
    ),
    path("invitations/<str:token>/", invitations.invitation_accept, name="invitation-accept"),
]
