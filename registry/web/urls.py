"""Pages of this room."""

from django.urls import path

from registry.web import (
    applications,
    deciding,
    detail,
    directory,
    findings,
    joining,
    people,
    sheets,
    tenants,
)

app_name = "registry"
_ONE = "applications/<uuid:application_id>/"
urlpatterns = [
    path("", directory.directory, name="directory"),
    path("list.csv", directory.as_csv, name="download"),
    path("manage/", directory.manage, name="manage"),
    path("manage/export/", directory.export, name="export"),
    path("manage/people/", people.lacking_people, name="lacking_people"),
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
    path("applications/", applications.listing, name="applications"),
    path("applications/new/", applications.new, name="application_new"),
    path(_ONE, applications.detail, name="application"),
    path(f"{_ONE}sections/<slug:code>/", applications.section, name="application_section"),
    path(f"{_ONE}evidence/", applications.evidence, name="application_evidence"),
    path(f"{_ONE}files/<int:file_id>/", applications.document, name="application_file"),
    path(f"{_ONE}files/<int:file_id>/remove/", applications.detach, name="application_detach"),
    path(f"{_ONE}submit/", applications.submit, name="application_submit"),
    path(f"{_ONE}withdraw/", applications.withdraw, name="application_withdraw"),
    path(f"{_ONE}decide/", deciding.decide, name="application_decide"),
    path(f"{_ONE}clear/", deciding.clear, name="application_clear"),
    path(f"{_ONE}sheet/", sheets.sheet, name="application_sheet"),
    path("join/", joining.join, name="join"),
    path("join/sent/", joining.joined, name="joined"),
    path("check/<str:token>/", sheets.check, name="check"),
    path("manage/<str:code>/people/", people.staff, name="people"),
    path("manage/<str:code>/people/<int:appointment_id>/end/", people.end, name="end_staff"),
    path("manage/<str:code>/people/<int:appointment_id>/hand-over/", people.hand_over, name="hand_over"),
    path("manage/<str:code>/basis/<int:version>/", detail.basis, name="basis"),
]
