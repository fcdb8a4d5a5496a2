"""Addresses of this room in the API."""

from django.urls import path

from accounts.api import regions

urlpatterns = [
    path("regions/", regions.RegionList.as_view(), name="api-regions"),
    path("regions/<str:code>/", regions.RegionDetail.as_view(), name="api-region"),
]
