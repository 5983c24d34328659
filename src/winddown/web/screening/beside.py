"""The medicines that a rule speaks of, beside a course or an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from winddown.record.models import Course
from winddown.services.screening import beside
from winddown.web.screening.present import fired


def medicines_beside(course: Course, *, now: datetime) -> dict[str, Any]:
    """What the template `screening/interactions.html` asks for."""
    found = beside.of_course(course, now=now)
    return {"interactions": fired(found.fired), "medicines_asked": found.asked}
