"""Pages of this room."""

from django.urls import path

from office.web import audit, jobs, notices, regions, views, workdays

app_name = "office"
urlpatterns = [
    path("jobs/", jobs.listing, name="jobs"),
    path("jobs/<uuid:job_id>/", jobs.detail, name="job"),
    path("jobs/<uuid:job_id>/strip/", jobs.strip, name="job_strip"),
    path("jobs/<uuid:job_id>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<uuid:job_id>/retry/", jobs.retry, name="job_retry"),
    path("jobs/<uuid:job_id>/result/", jobs.result, name="job_result"),
    path("notices/", notices.listing, name="notices"),
    path("notices/ways/", notices.ways, name="notice_ways"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/<int:notice_id>/open/", notices.open_one, name="notice_open"),
    path("outbox/", notices.outbox, name="outbox"),
    path("outbox/<int:message_id>/again/", notices.send_again, name="outbox_again"),
    path("audit/", audit.listing, name="audit"),
    path("audit/verify/", audit.verify, name="audit_verify"),
    path("audit/export/", audit.export, name="audit_export"),
    path("workdays/", workdays.listing, name="workdays"),
    path("workdays/notice/", workdays.notice, name="workdays_notice"),
    path("views/", views.keep, name="view_keep"),
    path("views/<int:view_id>/", views.change, name="view_change"),
    path("views/<int:view_id>/drop/", views.drop, name="view_drop"),
    path("regions/", regions.listing, name="regions"),
    path("regions/<uuid:file_id>/", regions.file, name="regions_file"),
]
