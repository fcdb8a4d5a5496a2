"""Pages of this room."""

from django.urls import path

from registry.web import detail, directory, findings, tenants

app_name = "registry"
urlpatterns = [
    path("", directory.directory, name="directory"),
    path("list.csv", directory.as_csv, name="download"),
    path("manage/", directory.manage, name="manage"),
    path("manage/export/", directory.export, name="export"),
    path("tenancy/", findings.listing_page, name="findings"),
    path("tenancy/export/", findings.export, name="findings_export"),
    path("tenancy/<int:finding_id>/", findings.finding, name="finding"),
    path("tenancy/<int:finding_id>/statements/", findings.say, name="finding_say"),
    path("tenancy/<int:finding_id>/decision/", findings.decide, name="finding_decide"),
    path("tenants/", tenants.listing, name="tenants"),
    path("tenants/suggest/", tenants.suggest, name="tenant_suggest"),
    path("tenants/<str:credit_code>/", tenants.tenant, name="tenant"),
    path("stays/<int:stay_id>/end/", tenants.end, name="stay_end"),
    path("stays/<int:stay_id>/evidence/", tenants.evidence, name="stay_evidence"),
    path("manage/<str:code>/", detail.carrier, name="carrier"),
]
