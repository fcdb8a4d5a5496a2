"""Pages of this room."""

from django.urls import path

from registry.web import changes, changing, detail, directory, lineage, operators

app_name = "registry"
urlpatterns = [
    path("", directory.directory, name="directory"),
    path("list.csv", directory.as_csv, name="download"),
    path("manage/", directory.manage, name="manage"),
    path("manage/export/", directory.export, name="export"),
    path("manage/<str:code>/", detail.carrier, name="carrier"),
    path("manage/<str:code>/change/", changing.new, name="change_ask"),
    path("changes/", changes.listing, name="changes"),
    path("changes/<int:change_id>/", changes.detail, name="change"),
    path("changes/<int:change_id>/act/", changes.act, name="change_act"),
    path("changes/<int:change_id>/mend/", changing.mend, name="change_mend"),
    path("changes/<int:change_id>/files/<int:file_id>/", changes.document, name="change_file"),
    path("lineage/new/", lineage.new, name="lineage_new"),
    path("lineage/operator/", operators.succession, name="operator_succession"),
]
