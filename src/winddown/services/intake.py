"""What a device said, kept before it is read, and answered only after it is stored.

A batch of messages is one transaction: raw bytes, readings, alarms, announcements. If reading one of them fails unexpectedly, the bytes
of all are kept all the same and each message is then taken in alone, so that one bad message never costs another.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from winddown.domain.wire.hl7v2.acknowledge import Verdict, acknowledge, verdict_for
from winddown.domain.wire.hl7v2.message import Message, read
from winddown.domain.wire.hl7v2.tokens import Unreadable
from winddown.record.models import Device, DeviceMessage
from winddown.record.scope import at_practice
from winddown.services import health, pumps, vitals
from winddown.services.announcements import News, announce

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """One frame as it came: bytes, from where, when."""

    raw: bytes
    peer: str
    received_at: datetime


@dataclass
class Understood:
    """One arrival, read as far as it goes, with what it will be answered."""

    arrival: Arrival
    message: Message | None
    device: Device | None
    verdict: Verdict | None
    reason: str


class Intake:
    """Takes in batches for one practice. One instance per listener process."""

    def __init__(self, practice_id: int, zone: ZoneInfo) -> None:
        self.practice_id = practice_id
        self.zone = zone
        self.beds = vitals.Beds()
        self._devices: dict[str, Device] = {}

    def take(self, arrivals: Sequence[Arrival], *, now: datetime) -> list[bytes | None]:
        """Store, read and judge; return one answer for each, None where an acknowledgement gets none."""
        try:
            return self._take(arrivals, now)
        except Exception:
            log.exception("a batch of %d messages failed; taking them one by one", len(arrivals))
            self.beds = vitals.Beds()
            return [self._take_alone(arrival, now) for arrival in arrivals]

    def _take_alone(self, arrival: Arrival, now: datetime) -> bytes | None:
        try:
            return self._take([arrival], now)[0]
        except Exception:
            log.exception("one message could not be taken in; its bytes are kept")
            self.beds = vitals.Beds()
            reason = "The message is stored but could not be charted; the clinic is told."
            with at_practice(self.practice_id):
                self._keep([Understood(arrival, None, None, "AE", reason)])
            return acknowledge(arrival.raw, "AE", at=now, control_id=uuid4().hex, reason=reason)

    def _take(self, arrivals: Sequence[Arrival], now: datetime) -> list[bytes | None]:
        with at_practice(self.practice_id):
            understood = [self._understand(arrival) for arrival in arrivals]
            numbers = self._keep(understood)
            arrived = [
                vitals.Arrived(
                    number, each.device, each.message.observations, each.message.sent_at, each.arrival.received_at, each.message.demo
                )
                for number, each in zip(numbers, understood, strict=True)
                if each.device and each.message and each.message.observations
            ]
            for each in understood:
                if each.device and each.message:
                    pumps.take_in(each.device, each.message, each.arrival.received_at, now=now)
            news: list[News] = vitals.take_in(arrived, self.beds, now=now) if arrived else []
            news += health.heard([each.device for each in understood if each.device], now=now)
            if news:
                announce(*news)
        return [self._answer(each, now) for each in understood]

    def _understand(self, arrival: Arrival) -> Understood:
        try:
            message = read(arrival.raw, zone=self.zone)
        except Unreadable as why:
            return Understood(arrival, None, None, "AE", str(why)[:300])
        answer = verdict_for(message)
        if answer is None:
            return Understood(arrival, message, None, None, "")
        verdict, reason = answer
        device = self._device(message) if verdict == "AA" else None
        if device is not None:
            message = self._in_zone_of(device, message, arrival.raw)
        if verdict == "AA" and device is None:
            return Understood(arrival, message, None, "AA", "stored; this device is not on the list of devices")
        return Understood(arrival, message, device, verdict, reason)

    def _in_zone_of(self, device: Device, message: Message, raw: bytes) -> Message:
        """A time without a zone is the time at the device's own location."""
        zone = ZoneInfo(device.location.time_zone)
        told = [*message.observations, message.pump_report, message.device_alarm]
        assumed = any(each.zone_assumed for each in told if each is not None)
        return read(raw, zone=zone) if assumed and zone != self.zone else message

    def _device(self, message: Message) -> Device | None:
        for key in message.device_keys:
            if key in self._devices:
                return self._devices[key]
            found = Device.objects.filter(key=key).select_related("location").first()
            if found is not None:
                self._devices[key] = found
                return found
        return None

    def _keep(self, understood: Sequence[Understood]) -> list[int]:
        """Store the bytes as they came; the ids of the rows, in order."""
        told = [
            {
                "place": place,
                "received_at": each.arrival.received_at.isoformat(),
                "peer": each.arrival.peer[:80],
                "raw": each.arrival.raw.hex(),
                "control_id": (each.message.control_id if each.message else "")[:250].replace("\x00", ""),
                "answer": each.verdict or "",
                "reason": each.reason[:300].replace("\x00", ""),
            }
            for place, each in enumerate(understood)
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                """insert into record_devicemessage (practice_id, received_at, peer, raw, control_id, answer, reason)
                   select %s, received_at, peer, decode(raw, 'hex'), control_id, answer, reason from json_to_recordset(%s::json) as told (
                     place int, received_at timestamptz, peer text, raw text, control_id text, answer text, reason text)
                   order by place returning id""",
                [self.practice_id, json.dumps(told)],
            )
            return [row[0] for row in cursor.fetchall()]

    def _answer(self, each: Understood, now: datetime) -> bytes | None:
        if each.verdict is None:
            return None
        reason = each.reason if each.verdict != "AA" else ""
        return acknowledge(each.message or each.arrival.raw, each.verdict, at=now, control_id=uuid4().hex, reason=reason)

    def keep_garbage(self, payload: bytes, because: str, peer: str, *, now: datetime) -> None:
        """Bytes that belong to no frame are kept beside the messages; they get no answer."""
        with at_practice(self.practice_id), transaction.atomic():
            DeviceMessage(received_at=now, peer=peer[:80], raw=payload[:1_000_000], reason=f"no message: {because}"[:300]).save()
