"""Addresses of this room in the API."""

from django.urls import path

from registry.api import (
    application_files,
    applications,
    carriers,
    chains,
    changes,
    designations,
    exports,
    findings,
    imports,
    line,
    lineage,
    people,
    stays,
)

_ONE = "applications/<uuid:application_id>/"
_IMPORT = "imports/<int:import_id>/"
urlpatterns = [
    path("applications/", applications.ApplicationList.as_view(), name="api-applications"),
    path(_ONE, applications.ApplicationDetail.as_view(), name="api-application"),
    path(f"{_ONE}moves/", applications.ApplicationMoves.as_view(), name="api-application-moves"),
    path(
        f"{_ONE}clearances/", applications.ApplicationClearances.as_view(), name="api-application-clearances"
    ),
    path(f"{_ONE}files/", application_files.ApplicationFiles.as_view(), name="api-application-files"),
    path(
        f"{_ONE}files/<int:file_id>/",
        application_files.ApplicationFileDetail.as_view(),
        name="api-application-file",
    ),
    path("exports/", exports.ExportCreate.as_view(), name="api-exports"),
    path("imports/", imports.RegisterImportList.as_view(), name="api-register-imports"),
    path("imports/templates/<slug:sheet>/", imports.RegisterTemplate.as_view(), name="api-register-template"),
    path("imports/books/<slug:sheet>/", imports.RegisterBook.as_view(), name="api-register-book"),
    path(_IMPORT, imports.RegisterImportDetail.as_view(), name="api-register-import"),
    path(f"{_IMPORT}confirm/", imports.RegisterImportConfirm.as_view(), name="api-register-import-confirm"),
    path(f"{_IMPORT}drop/", imports.RegisterImportDrop.as_view(), name="api-register-import-drop"),
    path(f"{_IMPORT}marked/", imports.RegisterImportMarked.as_view(), name="api-register-import-marked"),
    path("lineage/", lineage.LineageCreate.as_view(), name="api-lineage"),
    path("successions/", lineage.SuccessionCreate.as_view(), name="api-successions"),
    path("stays/<int:stay_id>/end/", stays.StayEnd.as_view(), name="api-stay-end"),
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
    path("carriers/<str:code>/versions/", carriers.CarrierVersions.as_view(), name="api-carrier-versions"),
    path("chains/", chains.ChainList.as_view(), name="api-chains"),
    path("designations/", designations.DesignationList.as_view(), name="api-designations"),
    path("enclaves/", designations.EnclaveList.as_view(), name="api-enclaves"),
    path(
        "carriers/<str:code>/designation/",
        designations.CarrierDesignation.as_view(),
        name="api-carrier-designation",
    ),
    path("levels/", carriers.LevelList.as_view(), name="api-levels"),
    path("carriers/<str:code>/line/", line.CarrierLine.as_view(), name="api-carrier-line"),
    path("operators/", carriers.OperatorList.as_view(), name="api-operators"),
    path("operators/<str:credit_code>/", carriers.OperatorDetail.as_view(), name="api-operator"),
    path("findings/", findings.FindingList.as_view(), name="api-findings"),
    path("findings/<int:pk>/", findings.FindingDetail.as_view(), name="api-finding"),
    path("findings/<int:pk>/statements/", findings.FindingSay.as_view(), name="api-finding-say"),
    path("findings/<int:pk>/decision/", findings.FindingDecide.as_view(), name="api-finding-decide"),
    path("tenants/", carriers.TenantList.as_view(), name="api-tenants"),
    path("tenants/<str:credit_code>/", carriers.TenantDetail.as_view(), name="api-tenant"),
    path("changes/", changes.ChangeList.as_view(), name="api-changes"),
    path("changes/<int:change_id>/", changes.ChangeDetail.as_view(), name="api-change"),
    path("changes/<int:change_id>/again/", changes.ChangeAgain.as_view(), name="api-change-again"),
    path("changes/<int:change_id>/moves/", changes.ChangeMoves.as_view(), name="api-change-moves"),
]
