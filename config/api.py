"""The API's addresses, by room, its description and a page to try it at."""

from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

_schema = SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[])
# The page of Swagger UI sets styles from script: the one page with a looser style rule.
_docs = csp_update({"style-src": ["'unsafe-inline'"]})(
    SpectacularSwaggerSplitView.as_view(
        url_name="api-schema", permission_classes=[], authentication_classes=[]
    )
)

urlpatterns = [
    path("schema/", _schema, name="api-schema"),
    path("docs/", _docs, name="api-docs"),
    path("", include("accounts.api.urls")),
    path("", include("office.api.urls")),
    path("", include("registry.api.urls")),
    path("", include("reporting.api.urls")),
    path("", include("evaluation.api.urls")),
    path("", include("funding.api.urls")),
    path("", include("figures.api.urls")),
    path("", include("news.api.urls")),
]
