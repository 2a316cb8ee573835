from django.urls import path

from actionplans.api import views

urlpatterns = [
    path("actions/<int:pk>/effect/", views.action_effect, name="api-action-effect"),
    path("actions/<int:pk>/measures/", views.action_measures, name="api-action-measures"),
]
