from django.urls import path

from dashboards.api import views

urlpatterns = [
    path("journeys/<str:key>/scores/", views.journey_scores, name="api-journey-scores"),
    path("journeys/<str:key>/priorities/", views.journey_priorities, name="api-journey-priorities"),
    path("journeys/<str:key>/changes/", views.journey_changes, name="api-journey-changes"),
]
