"""Addresses of figures in the API."""

from django.urls import path

from figures.api.figures import FigureList

urlpatterns = [path("figures/", FigureList.as_view(), name="api-figures")]
