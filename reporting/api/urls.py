"""Addresses of this room in the API."""

from django.urls import path

from reporting.api import answers, dates, reading, reminders, workbooks, writing

_CAMPAIGN = "campaigns/<int:campaign_id>/"
_ONE = "returns/<int:return_id>/"
_FILE = _ONE + "workbooks/<int:import_id>/"

urlpatterns = [
    path("forms/", reading.FormList.as_view(), name="api-forms"),
    path("campaigns/", reading.CampaignList.as_view(), name="api-campaigns"),
    path("campaigns/<int:campaign_id>/", reading.CampaignDetail.as_view(), name="api-campaign"),
    path(_CAMPAIGN + "terms/", dates.CampaignTerms.as_view(), name="api-campaign-terms"),
    path(_CAMPAIGN + "terms/<int:term_id>/remove/", dates.TermRemove.as_view(), name="api-term-remove"),
    path(_CAMPAIGN + "extensions/", dates.CampaignExtensions.as_view(), name="api-campaign-extensions"),
    path(
        _CAMPAIGN + "extensions/<int:extension_id>/revoke/",
        dates.ExtensionRevoke.as_view(),
        name="api-extension-revoke",
    ),
    path(_CAMPAIGN + "nudges/", reminders.CampaignNudges.as_view(), name="api-campaign-nudges"),
    path("returns/", reading.ReturnList.as_view(), name="api-returns"),
    path(_ONE, reading.ReturnDetail.as_view(), name="api-return"),
    path(_ONE + "values/", writing.ReturnValues.as_view(), name="api-return-values"),
    path(_ONE + "tables/<slug:code>/", reading.RowList.as_view(), name="api-return-table"),
    path(_ONE + "explain/", writing.ReturnExplain.as_view(), name="api-return-explain"),
    path(_ONE + "answer/", answers.ReturnAnswer.as_view(), name="api-return-answer"),
    path(_ONE + "answer/back/", answers.ReturnAnswerBack.as_view(), name="api-return-answer-back"),
    path(_ONE + "submit/", writing.ReturnSubmit.as_view(), name="api-return-submit"),
    path(_ONE + "pass/", writing.ReturnPass.as_view(), name="api-return-pass"),
    path(_ONE + "return/", writing.ReturnSendBack.as_view(), name="api-return-send-back"),
    path(_ONE + "accept/", writing.ReturnAccept.as_view(), name="api-return-accept"),
    path(_ONE + "withdraw/", writing.ReturnWithdraw.as_view(), name="api-return-withdraw"),
    path(_ONE + "workbook/", workbooks.ReturnWorkbook.as_view(), name="api-return-workbook"),
    path(_FILE, workbooks.ImportDetail.as_view(), name="api-return-import"),
    path(_FILE + "confirm/", workbooks.ImportConfirm.as_view(), name="api-return-import-confirm"),
    path(_FILE + "drop/", workbooks.ImportDrop.as_view(), name="api-return-import-drop"),
]
