"""Addresses of the news in the API."""

from django.urls import path

from news.api.articles import ArticleDetail, ArticleList, BulletinDetail, BulletinList, WithdrawnList

urlpatterns = [
    path("articles/", ArticleList.as_view(), name="api-articles"),
    path("articles/withdrawn/", WithdrawnList.as_view(), name="api-articles-withdrawn"),
    path("articles/<int:pk>/", ArticleDetail.as_view(), name="api-article"),
    path("bulletins/", BulletinList.as_view(), name="api-bulletins"),
    path("bulletins/<int:pk>/", BulletinDetail.as_view(), name="api-bulletin"),
]
