from django.urls import path

from dashboards.api import indicator_views, location_views, views

urlpatterns = [
    path("indicators/", indicator_views.programme_indicators, name="api-indicators"),
    path("journeys/<str:key>/scores/", views.journey_scores, name="api-journey-scores"),
    path("journeys/<str:key>/priorities/", views.journey_priorities, name="api-journey-priorities"),
    path("journeys/<str:key>/changes/", views.journey_changes, name="api-journey-changes"),
    path(
        "journeys/<str:key>/locations/",
        location_views.journey_locations,
        name="api-journey-locations",
    ),
    path(
        "journeys/<str:key>/channels/",
        location_views.journey_channels,
        name="api-journey-channels",
    ),
    path(
        "journeys/<str:key>/delight/",
        location_views.journey_delight,
        name="api-journey-delight",
    ),
]
