"""The tables, a file for each part of the journey."""

from winddown.record.models.alarms import Alarm, AlarmAct, AlarmScreen
from winddown.record.models.answers import Answer, FormSchedule, InstrumentText
from winddown.record.models.audit import AuditEntry
from winddown.record.models.booking import Booking, BookingAct, Closure, Hold, Shift, VisitType
from winddown.record.models.consents import ConsentPaper, ConsentSitting, ConsentStep, ConsentTextVersion
from winddown.record.models.contacts import AddressStop, PatientContact
from winddown.record.models.courses import Course, Order, OrderSignature, ProtocolVersion
from winddown.record.models.custody import Assay, Case, CaseAct, Charge, Packet, StockCount, WitnessAsk, WitnessSignature
from winddown.record.models.devices import Device, DeviceBinding, DeviceMessage
from winddown.record.models.front import CalendarFeed, DayPlan, Freed, Offer, VisitRequest, WaitWish
from winddown.record.models.home import HomeReading
from winddown.record.models.honesty import PredictionScore
from winddown.record.models.ledger import LedgerEntry
from winddown.record.models.letters import CareContact, LetterSent, LetterSpared, LetterWay, SeriesLetter, SignedLetter
from winddown.record.models.links import Link
from winddown.record.models.messages import InboundText, Message, MessageAct, NightlyRun
from winddown.record.models.news import Announcement, AnnouncementCounter, Heartbeat
from winddown.record.models.own import OwnAccess, OwnDoor, OwnEntry, OwnPasskey, OwnSession, OwnTry
from winddown.record.models.patients import Consent, Patient, PatientFact
from winddown.record.models.people import Account, Credential, Staff
from winddown.record.models.places import Chair, Location, Practice
from winddown.record.models.programme import ExportRun, FollowedSeries, ProgrammeRebuild, RebuildRun
from winddown.record.models.relief import ReliefForecast, ReliefPrior, ReliefScore
from winddown.record.models.screening import (
    CheckDone,
    DayBefore,
    HistoryEntry,
    Referral,
    ScreeningDecision,
    ScreeningLimits,
    ScreeningOverride,
    ScreeningRun,
    TreatmentPhase,
)
from winddown.record.models.sensory import BodyMap, SensoryEntry, SensoryNorms, SensoryTest
from winddown.record.models.sessions import Attachment, Bag, Occupancy, Session, SessionEvent, SessionMove
from winddown.record.models.site import SiteNotice, SitePerson, SiteQuestion, SiteQuestionAct, SiteText, SiteTextAct, SiteTextVersion
from winddown.record.models.snapshots import Snapshot
from winddown.record.models.stock import ParLevel, Product, Receipt, Registration, Transfer, TransferVial, Vial, VialCounter
from winddown.record.models.tasks import OnCall, SafetyRules, Task, TaskAct, Watching
from winddown.record.models.threads import AnswerTime, Thread, ThreadNote
from winddown.record.models.vitals import Reading, ReadingAttachment

__all__ = [
    "Account",
    "AddressStop",
    "Alarm",
    "AlarmAct",
    "AlarmScreen",
    "Announcement",
    "AnnouncementCounter",
    "Answer",
    "AnswerTime",
    "Assay",
    "Attachment",
    "AuditEntry",
    "Bag",
    "BodyMap",
    "Booking",
    "BookingAct",
    "CalendarFeed",
    "CareContact",
    "Case",
    "CaseAct",
    "Chair",
    "Charge",
    "CheckDone",
    "Closure",
    "Consent",
    "ConsentPaper",
    "ConsentSitting",
    "ConsentStep",
    "ConsentTextVersion",
    "Course",
    "Credential",
    "DayBefore",
    "DayPlan",
    "Device",
    "DeviceBinding",
    "DeviceMessage",
    "ExportRun",
    "FollowedSeries",
    "FormSchedule",
    "Freed",
    "Heartbeat",
    "HistoryEntry",
    "Hold",
    "HomeReading",
    "InboundText",
    "InstrumentText",
    "LedgerEntry",
    "LetterSent",
    "LetterSpared",
    "LetterWay",
    "Link",
    "Location",
    "Message",
    "MessageAct",
    "NightlyRun",
    "Occupancy",
    "Offer",
    "OnCall",
    "Order",
    "OrderSignature",
    "OwnAccess",
    "OwnDoor",
    "OwnEntry",
    "OwnPasskey",
    "OwnSession",
    "OwnTry",
    "Packet",
    "ParLevel",
    "Patient",
    "PatientContact",
    "PatientFact",
    "Practice",
    "PredictionScore",
    "Product",
    "ProgrammeRebuild",
    "ProtocolVersion",
    "Reading",
    "ReadingAttachment",
    "RebuildRun",
    "Receipt",
    "Referral",
    "Registration",
    "ReliefForecast",
    "ReliefPrior",
    "ReliefScore",
    "SafetyRules",
    "ScreeningDecision",
    "ScreeningLimits",
    "ScreeningOverride",
    "ScreeningRun",
    "SensoryEntry",
    "SensoryNorms",
    "SensoryTest",
    "SeriesLetter",
    "Session",
    "SessionEvent",
    "SessionMove",
    "Shift",
    "SignedLetter",
    "SiteNotice",
    "SitePerson",
    "SiteQuestion",
    "SiteQuestionAct",
    "SiteText",
    "SiteTextAct",
    "SiteTextVersion",
    "Snapshot",
    "Staff",
    "StockCount",
    "Task",
    "TaskAct",
    "Thread",
    "ThreadNote",
    "Transfer",
    "TransferVial",
    "TreatmentPhase",
    "Vial",
    "VialCounter",
    "VisitRequest",
    "VisitType",
    "WaitWish",
    "Watching",
    "WitnessAsk",
    "WitnessSignature",
]
