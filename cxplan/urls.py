"""Every address of the site, app by app from left to right."""

from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="journeys:programme-list"), name="home"),
    # An address is the invitation's business: changing it freely would let anybody be anybody.
    path(
        "accounts/email/",
        RedirectView.as_view(pattern_name="accounts:profile"),
        name="account_email",
    ),
    path("accounts/", include("allauth.urls")),
    path("account/", include("accounts.urls")),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    path("", include("journeys.urls")),
    path("", include("scoring.urls")),
    path("", include("observations.urls")),
    path("", include("actionplans.urls")),
    path("", include("dashboards.urls")),
    path("", include("alerts.urls")),
    path("api/v1/", include("cxplan.api_urls")),
]
