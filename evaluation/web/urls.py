"""Pages of this room."""

from django.urls import URLPattern

app_name = "evaluation"
urlpatterns: list[URLPattern] = []
