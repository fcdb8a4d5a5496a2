"""Pages of this room."""

from django.urls import path

from reporting.web import answers, campaigns, dates, filling, home, reminders, returns, tables, workbooks

app_name = "reporting"
urlpatterns = [
    path("", home.listing, name="returns"),
    path("queue/", home.listing, name="queue"),
    path("campaigns/", campaigns.listing, name="campaigns"),
    path("campaigns/new/", campaigns.new, name="campaign_new"),
    path("campaigns/<int:campaign_id>/", campaigns.detail, name="campaign"),
    path("campaigns/<int:campaign_id>/close/", campaigns.close, name="campaign_close"),
    path("campaigns/<int:campaign_id>/dates/", dates.dates, name="dates"),
    path("campaigns/<int:campaign_id>/extensions/", dates.extend, name="extend"),
    path("campaigns/<int:campaign_id>/terms/<int:term_id>/remove/", dates.remove, name="term_remove"),
    path(
        "campaigns/<int:campaign_id>/extensions/<int:extension_id>/revoke/",
        dates.revoke,
        name="extension_revoke",
    ),
    path("campaigns/<int:campaign_id>/reminders/", reminders.reminders, name="reminders"),
    path("campaigns/<int:campaign_id>/ladder/", reminders.ladder, name="ladder"),
    path("campaigns/<int:campaign_id>/nudges/", reminders.nudge, name="nudge"),
    path("forms/", campaigns.forms, name="forms"),
    path("forms/<int:form_id>/", campaigns.form, name="form"),
    path("imports/<int:import_id>/", workbooks.moved, name="import"),
    path("<int:return_id>/", returns.detail, name="return"),
    path("<int:return_id>/open/", returns.open_for_review, name="open"),
    path("<int:return_id>/fill-for/", returns.fill_for, name="fill_for"),
    path("<int:return_id>/moves/", returns.move, name="move"),
    path("<int:return_id>/submit/", returns.submit, name="submit"),
    path("<int:return_id>/receipt/", returns.receipt, name="receipt"),
    path("<int:return_id>/answer/", answers.answer, name="answer"),
    path("<int:return_id>/answer/back/", answers.take_back, name="answer_back"),
    path("<int:return_id>/answer/<int:number>/evidence/", answers.evidence, name="answer_evidence"),
    path("<int:return_id>/explain/", filling.explain, name="explain"),
    path("<int:return_id>/sections/<slug:code>/", filling.section, name="section"),
    path("<int:return_id>/fields/<slug:code>/", filling.save, name="field"),
    path("<int:return_id>/fields/<slug:code>/confirm/", filling.confirm, name="confirm"),
    path("<int:return_id>/tables/<slug:code>/", tables.listing, name="table"),
    path("<int:return_id>/tables/<slug:code>/row/", tables.row, name="row"),
    path("<int:return_id>/tables/<slug:code>/row/remove/", tables.remove, name="row_remove"),
    path("<int:return_id>/workbook/", workbooks.blank, name="workbook"),
    path("<int:return_id>/workbooks/", workbooks.upload, name="workbook_upload"),
    path("<int:return_id>/workbooks/<int:import_id>/", workbooks.result, name="workbook_import"),
    path("<int:return_id>/workbooks/<int:import_id>/apply/", workbooks.apply, name="workbook_apply"),
    path("<int:return_id>/workbooks/<int:import_id>/drop/", workbooks.drop, name="workbook_drop"),
    path("<int:return_id>/workbooks/<int:import_id>/marked/", workbooks.marked, name="workbook_marked"),
]
