"""The API, version 1."""

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from cxplan import api_views
from dashboards.api.views import ProgrammeList
from observations.api.enrolment import enrolment

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    # The split view keeps its script in a file of its own, as the content security policy asks.
    path(
        "docs/",
        login_required(SpectacularSwaggerSplitView.as_view(url_name="api-schema")),
        name="api-docs",
    ),
    path("devices/", enrolment, name="api-enrolment"),
    path("programmes/", ProgrammeList.as_view(), name="api-programme-list"),
    path("programmes/<slug:slug>/", include("observations.api.urls")),
    path("programmes/<slug:slug>/", include("actionplans.api.urls")),
    path("programmes/<slug:slug>/", include("dashboards.api.urls")),
    path("programmes/<slug:slug>/", include("alerts.api.urls")),
    path("programmes/<slug:slug>/bundle/", api_views.bundle, name="api-bundle"),
]
