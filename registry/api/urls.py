"""Addresses of this room in the API."""

from django.urls import path

from registry.api import carriers, people

urlpatterns = [
    path("carriers/", carriers.CarrierList.as_view(), name="api-carriers"),
    path("carriers/<str:code>/", carriers.CarrierDetail.as_view(), name="api-carrier"),
    path("carriers/<str:code>/people/", people.CarrierPeople.as_view(), name="api-carrier-people"),
    path(
        "carriers/<str:code>/people/<int:appointment_id>/end/",
        people.CarrierPersonEnd.as_view(),
        name="api-carrier-person-end",
    ),
    path(
        "carriers/<str:code>/people/<int:appointment_id>/hand-over/",
        people.CarrierPersonHandOver.as_view(),
        name="api-carrier-person-hand-over",
    ),
    path("operators/", carriers.OperatorList.as_view(), name="api-operators"),
    path("operators/<str:credit_code>/", carriers.OperatorDetail.as_view(), name="api-operator"),
    path("tenants/", carriers.TenantList.as_view(), name="api-tenants"),
    path("tenants/<str:credit_code>/", carriers.TenantDetail.as_view(), name="api-tenant"),
]
