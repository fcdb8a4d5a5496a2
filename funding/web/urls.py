"""Pages of this room."""

from django.urls import path

from funding.web import allocations, policies

app_name = "funding"
urlpatterns = [
    path("", allocations.listing, name="home"),
    path("allocations/new/", allocations.new, name="allocation_new"),
    path("allocations/<int:allocation_id>/", allocations.detail, name="allocation"),
    path("allocations/<int:allocation_id>/act/", allocations.act, name="allocation_act"),
    path("allocations/<int:allocation_id>/export/", allocations.export, name="allocation_export"),
    path("policies/import/", policies.upload, name="policy_import"),
    path("policies/<int:policy_id>/", policies.detail, name="policy"),
]
