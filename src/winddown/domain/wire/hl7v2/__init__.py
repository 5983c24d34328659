"""HL7 v2 from and to devices: IHE PCD-01 (vital signs), PCD-04 (alarms), PCD-10 (pump events), and their acknowledgements."""

from winddown.domain.wire.hl7v2.acknowledge import acknowledge, verdict_for
from winddown.domain.wire.hl7v2.alarm import DeviceAlarm
from winddown.domain.wire.hl7v2.message import Message, read
from winddown.domain.wire.hl7v2.observation import PROBLEMS, Observation
from winddown.domain.wire.hl7v2.pump import PumpReport
from winddown.domain.wire.hl7v2.tokens import Unreadable

__all__ = ["PROBLEMS", "DeviceAlarm", "Message", "Observation", "PumpReport", "Unreadable", "acknowledge", "read", "verdict_for"]
