from django.urls import path

from alerts.api import views

urlpatterns = [
    path("feed/", views.feed_json, name="api-feed"),
    path("feed.csv", views.feed_csv, name="api-feed-csv"),
]
