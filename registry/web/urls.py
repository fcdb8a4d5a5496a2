"""Pages of this room."""

from django.urls import path

from registry.web import detail, directory, people

app_name = "registry"
urlpatterns = [
    path("", directory.directory, name="directory"),
    path("list.csv", directory.as_csv, name="download"),
    path("manage/", directory.manage, name="manage"),
    path("manage/export/", directory.export, name="export"),
    path("manage/people/", people.lacking_people, name="lacking_people"),
    path("manage/<str:code>/", detail.carrier, name="carrier"),
    path("manage/<str:code>/people/", people.staff, name="people"),
    path("manage/<str:code>/people/<int:appointment_id>/end/", people.end, name="end_staff"),
    path("manage/<str:code>/people/<int:appointment_id>/hand-over/", people.hand_over, name="hand_over"),
]
