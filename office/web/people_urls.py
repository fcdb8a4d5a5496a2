"""Addresses of people: signing in and out, one's own page."""

from django.urls import path

from office.web import people

app_name = "accounts"
urlpatterns = [
    path("sign-in/", people.sign_in, name="sign_in"),
    path("sign-out/", people.sign_out, name="sign_out"),
    path("switch/", people.switch, name="switch"),
    path("me/", people.me, name="me"),
    path("password/", people.password, name="password"),
    path("sessions/<int:sign_in_id>/end/", people.end_session, name="end_session"),
    path("tokens/", people.make_token, name="make_token"),
    path("tokens/<int:grant_id>/revoke/", people.revoke_token, name="revoke_token"),
]
