"""Addresses of this room in the API."""

from django.urls import path

from evaluation.api import views

urlpatterns = [
    path("schemes/", views.SchemeList.as_view(), name="api-schemes"),
    path("schemes/<int:pk>/", views.SchemeDetail.as_view(), name="api-scheme"),
    path("runs/", views.RunList.as_view(), name="api-runs"),
    path("runs/<int:pk>/", views.RunDetail.as_view(), name="api-run"),
    path("runs/<int:pk>/moves/", views.RunMoves.as_view(), name="api-run-moves"),
    path("results/", views.ResultList.as_view(), name="api-results"),
    path("objections/", views.ObjectionList.as_view(), name="api-objections"),
    path("objections/<int:pk>/", views.ObjectionDetail.as_view(), name="api-objection"),
    path("objections/<int:pk>/decision/", views.ObjectionDecision.as_view(), name="api-objection-decision"),
]
