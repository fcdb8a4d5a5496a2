"""Pages of this room."""

from django.urls import path

from evaluation.web import facts, marking, objections, results, runs, schemes

app_name = "evaluation"
urlpatterns = [
    path("", runs.listing, name="runs"),
    path("runs/new/", runs.new, name="run_new"),
    path("runs/<int:run_id>/", runs.console, name="run"),
    path("runs/<int:run_id>/act/", runs.act, name="run_act"),
    path("runs/<int:run_id>/assign/", runs.assign, name="run_assign"),
    path("runs/<int:run_id>/results/", results.listing, name="results"),
    path("runs/<int:run_id>/results/export/", results.export, name="results_export"),
    path("runs/<int:run_id>/carriers/<str:code>/", results.explanation, name="explanation"),
    path("runs/<int:run_id>/objection/", objections.new, name="objection_new"),
    path("schemes/", schemes.listing, name="schemes"),
    path("schemes/import/", schemes.upload, name="scheme_import"),
    path("schemes/<int:scheme_id>/", schemes.detail, name="scheme"),
    path("facts/", facts.listing, name="facts"),
    path("facts/<int:fact_id>/revoke/", facts.revoke, name="fact_revoke"),
    path("facts/<int:fact_id>/document/", facts.document, name="fact_document"),
    path("marking/", marking.queue, name="queue"),
    path("marking/<str:code>/", marking.sheet, name="sheet"),
    path("marking/<str:code>/save/", marking.save, name="mark_save"),
    path("marking/<str:code>/submit/", marking.submit, name="marks_submit"),
    path("marking/<str:code>/recuse/", marking.recuse, name="marks_recuse"),
    path("objections/", objections.listing, name="objections"),
    path("objections/<int:objection_id>/", objections.detail, name="objection"),
    path("objections/<int:objection_id>/decide/", objections.decide, name="objection_decide"),
    path("objections/<int:objection_id>/evidence/", objections.evidence, name="objection_evidence"),
]
