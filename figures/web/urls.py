"""Addresses of the data pages."""

from django.urls import path

from figures.web import desk, pages

app_name = "figures"
urlpatterns = [
    path("", pages.index, name="index"),
    path("desk/", desk.desk, name="desk"),
    path("<slug:code>/", pages.detail, name="detail"),
    path("<slug:code>/data.csv", pages.download, {"table": "data"}, name="download"),
    path("<slug:code>/years.csv", pages.download, {"table": "years"}, name="download_years"),
    path("<slug:code>/kinds.csv", pages.download, {"table": "kinds"}, name="download_kinds"),
    path("<slug:code>/cities.csv", pages.download, {"table": "cities"}, name="download_cities"),
]
