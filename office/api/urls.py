"""Addresses of this room in the API."""

from django.urls import path

from office.api import delegations, jobs, tokens

urlpatterns = [
    path("token/", tokens.TokenCreate.as_view(), name="api-token"),
    path("delegations/", delegations.DelegationList.as_view(), name="api-delegations"),
    path(
        "delegations/<int:appointment_id>/end/",
        delegations.DelegationEnd.as_view(),
        name="api-delegation-end",
    ),
    path("jobs/", jobs.JobList.as_view(), name="api-jobs"),
    path("jobs/<uuid:job_id>/", jobs.JobDetail.as_view(), name="api-job"),
    path("jobs/<uuid:job_id>/result/", jobs.JobResult.as_view(), name="api-job-result"),
    path("jobs/<uuid:job_id>/cancel/", jobs.JobCancel.as_view(), name="api-job-cancel"),
]
