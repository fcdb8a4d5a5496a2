"""Pages of this room."""

from django.urls import path

from registry.web import detail, directory

app_name = "registry"
urlpatterns = [
    path("", directory.directory, name="directory"),
    path("list.csv", directory.as_csv, name="download"),
    path("manage/", directory.manage, name="manage"),
    path("manage/export/", directory.export, name="export"),
    path("manage/<str:code>/", detail.carrier, name="carrier"),
    path("manage/<str:code>/basis/<int:version>/", detail.basis, name="basis"),
]
