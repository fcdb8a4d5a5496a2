"""Addresses of the news in the API."""

from django.urls import path

from news.api.articles import ArticleDetail, ArticleList, BulletinList

urlpatterns = [
    path("articles/", ArticleList.as_view(), name="api-articles"),
    path("articles/<int:pk>/", ArticleDetail.as_view(), name="api-article"),
    path("bulletins/", BulletinList.as_view(), name="api-bulletins"),
]
