"""Addresses of this room in the API."""

from django.urls import path

from registry.api import carriers, findings

urlpatterns = [
    path("carriers/", carriers.CarrierList.as_view(), name="api-carriers"),
    path("carriers/<str:code>/", carriers.CarrierDetail.as_view(), name="api-carrier"),
    path("operators/", carriers.OperatorList.as_view(), name="api-operators"),
    path("operators/<str:credit_code>/", carriers.OperatorDetail.as_view(), name="api-operator"),
    path("findings/", findings.FindingList.as_view(), name="api-findings"),
    path("findings/<int:pk>/", findings.FindingDetail.as_view(), name="api-finding"),
    path("findings/<int:pk>/statements/", findings.FindingSay.as_view(), name="api-finding-say"),
    path("findings/<int:pk>/decision/", findings.FindingDecide.as_view(), name="api-finding-decide"),
    path("tenants/", carriers.TenantList.as_view(), name="api-tenants"),
    path("tenants/<str:credit_code>/", carriers.TenantDetail.as_view(), name="api-tenant"),
]
