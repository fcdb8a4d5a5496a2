"""Addresses of this room in the API."""

from django.urls import path

from office.api import jobs, tokens

urlpatterns = [
    path("token/", tokens.TokenCreate.as_view(), name="api-token"),
    path("jobs/", jobs.JobList.as_view(), name="api-jobs"),
    path("jobs/<uuid:job_id>/", jobs.JobDetail.as_view(), name="api-job"),
    path("jobs/<uuid:job_id>/cancel/", jobs.JobCancel.as_view(), name="api-job-cancel"),
]
