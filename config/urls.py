"""Every address of the portal, by room."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("api/v1/", include("config.api")),
    path("admin/login/", RedirectView.as_view(pattern_name="accounts:sign_in", query_string=True)),
    path("admin/", admin.site.urls),
    path("accounts/", include("office.web.people_urls")),
    path("office/", include("office.web.urls")),
    path("registry/", include("registry.web.urls")),
    path("returns/", include("reporting.web.urls")),
    path("evaluation/", include("evaluation.web.urls")),
    path("funding/", include("funding.web.urls")),
    path("figures/", include("figures.web.urls")),
    path("news/", include("news.web.urls")),
    path("", include("portal.web.urls")),
]
handler403 = "portal.web.errors.forbidden"
handler404 = "portal.web.errors.not_found"
handler500 = "portal.web.errors.server_error"
