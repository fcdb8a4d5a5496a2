"""Every address of the portal, by room."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("config.api")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.web.urls")),
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
