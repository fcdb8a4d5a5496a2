"""Pages of this room."""

from django.urls import path

from portal.web import (
    carrier,
    help_pages,
    home,
    probes,
    progress,
    public_home,
    publicity,
    search,
    settings_of_reader,
    styleguide,
)

app_name = "portal"
urlpatterns = [
    path("", public_home.public_home, name="public_home"),
    path("home/", home.home, name="home"),
    path("progress/", progress.progress, name="progress"),
    path("progress/workbook/", progress.progress_workbook, name="progress_workbook"),
    path("carriers/<str:code>/", carrier.carrier, name="carrier"),
    path("publicity/", publicity.publicity, name="publicity"),
    path("search/", search.search, name="search"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("help/", help_pages.help_page, name="help"),
    path("privacy/", help_pages.privacy, name="privacy"),
    path("accessibility/", help_pages.accessibility, name="accessibility"),
    path("sitemap/", help_pages.sitemap, name="sitemap"),
    path("sitemap.xml", help_pages.sitemap_xml, name="sitemap_xml"),
    path("settings/language/", settings_of_reader.language, name="language"),
    path("settings/large-type/", settings_of_reader.large_type, name="large_type"),
    path("settings/table/", settings_of_reader.table, name="table"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("robots.txt", help_pages.robots, name="robots"),
]
