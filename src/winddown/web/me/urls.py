"""Addresses of this room: the patient's own pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.me import contact, forms, helpers, home, papers, passkeys, results, settings, sign_in, talk, visits

urlpatterns: list[URLPattern] = [
    path("me/sign-in/", sign_in.ask, name="me_sign_in"),
    path("me/sent/", sign_in.sent, name="me_sent"),
    path("me/in/<str:own_entry>/", sign_in.enter, name="me_enter"),
    path("me/passkey/begin/", passkeys.begin, name="me_passkey_begin"),
    path("me/passkey/", passkeys.sign_in, name="me_passkey"),
    path("me/", home.home, name="me"),
    path("me/out/", sign_in.out, name="me_out"),
    path("me/out-everywhere/", sign_in.out_everywhere, name="me_out_everywhere"),
    path("me/visits/", visits.visits, name="me_visits"),
    path("me/visits/<uuid:own_visit>/answer/", visits.answer, name="me_visit_answer"),
    path("me/visits/<uuid:own_visit>/cancel/", visits.cancel, name="me_visit_cancel"),
    path("me/visits/<uuid:own_visit>/move/", visits.move, name="me_visit_move"),
    path("me/visits/<uuid:own_visit>/visit.ics", visits.file, name="me_visit_file"),
    path("me/forms/", forms.forms, name="me_forms"),
    path("me/forms/open/", forms.open_forms, name="me_forms_open"),
    path("me/diary/", forms.open_diary, name="me_diary"),
    path("me/results/", results.results, name="me_results"),
    path("me/given/", papers.given, name="me_given"),
    path("me/papers/", papers.papers, name="me_papers"),
    path("me/papers/<uuid:own_paper>/", papers.paper, name="me_paper"),
    path("me/messages/", talk.threads, name="me_messages"),
    path("me/messages/new/", talk.new, name="me_message_new"),
    path("me/messages/<uuid:own_thread>/", talk.thread, name="me_message"),
    path("me/messages/told/", talk.told, name="me_told"),
    path("me/helpers/", helpers.helpers, name="me_helpers"),
    path("me/helpers/<uuid:own_helper>/end/", helpers.end, name="me_helper_end"),
    path("me/contact/", contact.contact, name="me_contact"),
    path("me/settings/", settings.settings, name="me_settings"),
    path("me/settings/passkeys/begin/", passkeys.begin_keeping, name="me_passkey_new"),
    path("me/settings/passkeys/keep/", passkeys.keep, name="me_passkey_keep"),
    path("me/settings/passkeys/<int:own_passkey>/remove/", passkeys.remove, name="me_passkey_remove"),
]
