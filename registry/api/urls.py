"""Addresses of this room in the API."""

from django.urls import path

from registry.api import carriers

urlpatterns = [
    path("carriers/", carriers.CarrierList.as_view(), name="api-carriers"),
    path("carriers/<str:code>/", carriers.CarrierDetail.as_view(), name="api-carrier"),
    path("carriers/<str:code>/versions/", carriers.CarrierVersions.as_view(), name="api-carrier-versions"),
    path("levels/", carriers.LevelList.as_view(), name="api-levels"),
    path("operators/", carriers.OperatorList.as_view(), name="api-operators"),
    path("operators/<str:credit_code>/", carriers.OperatorDetail.as_view(), name="api-operator"),
    path("tenants/", carriers.TenantList.as_view(), name="api-tenants"),
    path("tenants/<str:credit_code>/", carriers.TenantDetail.as_view(), name="api-tenant"),
]
