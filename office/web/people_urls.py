"""Addresses of people: signing in and out, one's own page, everybody's for those who keep them."""

from django.urls import path

from office.web import confirming, delegations, doors, oidc, people, people_admin, second

app_name = "accounts"
urlpatterns = [
    path("sign-in/", people.sign_in, name="sign_in"),
    path("sign-in/code/", second.code, name="code"),
    path("oidc/", oidc.start, name="oidc"),
    path("oidc/back/", oidc.back, name="oidc_back"),
    path("device/", second.device, name="device"),
    path("device/begin/", second.begin, name="begin_device"),
    path("device/codes/", second.new_codes, name="new_codes"),
    path("confirm/", confirming.confirm, name="confirm"),
    path("people/<int:user_id>/reset-device/", second.reset, name="reset_device"),
    path("sign-out/", people.sign_out, name="sign_out"),
    path("switch/", people.switch, name="switch"),
    path("me/", people.me, name="me"),
    path("password/", people.password, name="password"),
    path("sessions/end-others/", people.end_others, name="end_others"),
    path("sessions/<int:sign_in_id>/end/", people.end_session, name="end_session"),
    path("tokens/", people.make_token, name="make_token"),
    path("tokens/<int:grant_id>/revoke/", people.revoke_token, name="revoke_token"),
    path("set-password/<int:user_id>/<str:token>/", people.set_password, name="set_password"),
    path("people/", people_admin.listing, name="people"),
    path("people/new/", people_admin.new, name="person_new"),
    path("people/<int:user_id>/", people_admin.detail, name="person"),
    path("people/<int:user_id>/appoint/", people_admin.appoint, name="appoint"),
    path("people/<int:user_id>/invite/", people_admin.invite, name="invite"),
    path("people/<int:user_id>/suspend/", people_admin.suspend, name="suspend"),
    path("people/<int:user_id>/restore/", people_admin.restore, name="restore"),
    path("people/<int:user_id>/unlock/", people_admin.unlock, name="unlock"),
    path("appointments/<int:appointment_id>/end/", people_admin.end_appointment, name="end_appointment"),
    path("delegations/", delegations.delegations, name="delegations"),
    path("delegations/<int:appointment_id>/end/", delegations.end, name="end_delegation"),
    path("sessions/", doors.sessions, name="sessions"),
    path("sessions/<int:sign_in_id>/shut/", doors.shut_session, name="shut_session"),
    path("tokens/all/", doors.tokens, name="tokens"),
    path("tokens/<int:grant_id>/end/", doors.end_token, name="end_token"),
]
