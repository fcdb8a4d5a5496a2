"""Addresses of this room in the API."""

from django.urls import path

from registry.api import carriers, changes, line

urlpatterns = [
    path("carriers/", carriers.CarrierList.as_view(), name="api-carriers"),
    path("carriers/<str:code>/", carriers.CarrierDetail.as_view(), name="api-carrier"),
    path("carriers/<str:code>/line/", line.CarrierLine.as_view(), name="api-carrier-line"),
    path("operators/", carriers.OperatorList.as_view(), name="api-operators"),
    path("operators/<str:credit_code>/", carriers.OperatorDetail.as_view(), name="api-operator"),
    path("tenants/", carriers.TenantList.as_view(), name="api-tenants"),
    path("tenants/<str:credit_code>/", carriers.TenantDetail.as_view(), name="api-tenant"),
    path("changes/", changes.ChangeList.as_view(), name="api-changes"),
    path("changes/<int:change_id>/", changes.ChangeDetail.as_view(), name="api-change"),
    path("changes/<int:change_id>/again/", changes.ChangeAgain.as_view(), name="api-change-again"),
    path("changes/<int:change_id>/moves/", changes.ChangeMoves.as_view(), name="api-change-moves"),
]
