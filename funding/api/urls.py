"""Addresses of this room in the API."""

from django.urls import path

from funding.api import views

urlpatterns = [
    path("policies/", views.PolicyList.as_view(), name="api-policies"),
    path("policies/<int:pk>/", views.PolicyDetail.as_view(), name="api-policy"),
    path("allocations/", views.AllocationList.as_view(), name="api-allocations"),
    path("allocations/<int:pk>/", views.AllocationDetail.as_view(), name="api-allocation"),
    path("allocations/<int:pk>/moves/", views.AllocationMoves.as_view(), name="api-allocation-moves"),
    path("awards/", views.AwardList.as_view(), name="api-awards"),
]
