"""An article under review, a question that waits, a notice, and how the public pages are addressed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.web.walk.samples import Scene
from winddown.domain.public_site.packaged import Words
from winddown.services.site import around, questions, texts


def sample(scene: Scene) -> dict[str, Any]:
    house, now = scene.house, scene.now
    text = texts.open_article("A fictional article", by=house.nurse, now=now)
    texts.write(text, "en", Words("A fictional article", "About nothing.", "Words."), because="a test", by=house.nurse, now=now)
    made = questions.ask(None, "May I ask?", language="en", address="192.0.2.1", too_quick=False, trapped=False, now=now)
    days = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=3)}
    notice = around.post_notice({"en": "A fictional notice."}, location=None, **days, by=house.nurse, now=now)
    return {
        "notices.ref": notice.ref,
        "where": "sandusky",
        "article": text.slug,
        "question": made.ref,
        "texts.ref": text.ref,
        "written": "en",
        "clinic": house.practice.slug,
        "spoken": "en",
    }
