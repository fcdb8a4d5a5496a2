"""Addresses of the news."""

from django.urls import path

from news.web import desk, issues, pages
from news.web.feeds import feed

app_name = "news"
urlpatterns = [
    path("", pages.index, name="index"),
    path("feed/", feed, name="feed"),
    path("notices/", pages.notices, name="notices"),
    path("policies/", pages.policies, name="policies"),
    path("sections/<slug:code>/", pages.section, name="section"),
    path("sections/<slug:code>/feed/", feed, name="section_feed"),
    path("desk/", desk.desk, name="desk"),
    path("desk/new/", desk.edit, name="new"),
    path("desk/import/", issues.import_file, name="import"),
    path("desk/<int:article_id>/", desk.edit, name="edit"),
    path("desk/<int:article_id>/move/", desk.move, name="move"),
    path("desk/<int:article_id>/files/", desk.attach, name="attach"),
    path("desk/<int:article_id>/files/<int:attachment_id>/remove/", desk.detach, name="detach"),
    path("desk/bulletins/<int:bulletin_id>/describe/", issues.describe, name="describe"),
    path("desk/bulletins/<int:bulletin_id>/", issues.review, name="review"),
    path("bulletins/", pages.bulletins, name="bulletins"),
    path("bulletins/<int:bulletin_id>/", pages.bulletin, name="bulletin"),
    path("bulletins/<int:bulletin_id>/bulletin.pdf", pages.printed, {"kind": "pdf"}, name="bulletin_pdf"),
    path("bulletins/<int:bulletin_id>/bulletin.docx", pages.printed, {"kind": "docx"}, name="bulletin_docx"),
    path("<int:article_id>/", pages.article, name="article"),
    path("<int:article_id>/files/<int:attachment_id>/", pages.attachment, name="attachment"),
]
