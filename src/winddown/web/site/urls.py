"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.public import urls as _spoken  # noqa: F401 (registers the converter of languages)
from winddown.web.site import around, desk_of_questions, overview, writing

urlpatterns: list[URLPattern] = [
    path("site/", overview.overview, name="site"),
    path("site/texts/new/", writing.article_new, name="site_article_new"),
    path("site/texts/<uuid:ref>/<spoken:written>/", writing.text_page, name="site_text"),
    path("site/texts/<uuid:ref>/<spoken:written>/approve/", writing.approve, name="site_text_approve"),
    path("site/texts/<uuid:ref>/<spoken:written>/withdraw/", writing.withdraw, name="site_text_withdraw"),
    path("site/notices/", around.notices, name="site_notices"),
    path("site/notices/<uuid:ref>/end/", around.notice_end, name="site_notice_end"),
    path("site/places/<uuid:ref>/", around.place, name="site_place"),
    path("site/staff/<uuid:ref>/", around.person, name="site_person"),
    path("site/questions/", desk_of_questions.queue, name="site_questions"),
    path("site/questions/<uuid:question>/", desk_of_questions.one, name="site_question"),
]
