"""Addresses of this room in the API."""

from django.urls import path

from registry.api import applications, carriers

_ONE = "applications/<uuid:application_id>/"
urlpatterns = [
    path("applications/", applications.ApplicationList.as_view(), name="api-applications"),
    path(_ONE, applications.ApplicationDetail.as_view(), name="api-application"),
    path(f"{_ONE}moves/", applications.ApplicationMoves.as_view(), name="api-application-moves"),
    path(
        f"{_ONE}clearances/", applications.ApplicationClearances.as_view(), name="api-application-clearances"
    ),
    path("carriers/", carriers.CarrierList.as_view(), name="api-carriers"),
    path("carriers/<str:code>/", carriers.CarrierDetail.as_view(), name="api-carrier"),
    path("operators/", carriers.OperatorList.as_view(), name="api-operators"),
    path("operators/<str:credit_code>/", carriers.OperatorDetail.as_view(), name="api-operator"),
    path("tenants/", carriers.TenantList.as_view(), name="api-tenants"),
    path("tenants/<str:credit_code>/", carriers.TenantDetail.as_view(), name="api-tenant"),
]
