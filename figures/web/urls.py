"""Addresses of the data pages."""

from django.urls import path

from figures.web import pages

app_name = "figures"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<slug:code>/", pages.detail, name="detail"),
    path("<slug:code>/data.csv", pages.download, name="download"),
]
