"""A visit in its chair, with an event, an alarm and a photo."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene
from winddown.record.models import Alarm, Attachment, SessionEvent


def sample(scene: Scene) -> dict[str, Any]:
    session = scene.session
    return {
        "sessions.ref": session.ref,
        "session": session.ref,
        "event": SessionEvent.objects.filter(session=session).first().ref,
        "alarms.ref": _alarm(scene).ref,
        "photo": _photo(scene).ref,
    }


def _alarm(scene: Scene) -> Alarm:
    told = {"condition": "systolic_high", "severity": "medium", "words": "systolic 182 mmHg, limit 180"}
    where = {"session": scene.session, "chair": scene.session.chair, "location": scene.session.location}
    alarm = Alarm(**where, **told, raised_at=scene.now, written_at=scene.now)
    alarm.save()
    return alarm


def _photo(scene: Scene) -> Attachment:
    told = {"media_type": "image/png", "sha256": "0" * 64, "content": b"not a picture"}
    photo = Attachment(session=scene.session, written_at=scene.now, by=scene.house.nurse, **told)
    photo.save()
    return photo
