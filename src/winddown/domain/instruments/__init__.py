"""Questionnaires and scores: one file each for those whose words may be shown, one for those whose words belong to somebody."""

from __future__ import annotations

from winddown.domain.instruments.audit_c import AUDIT_C
from winddown.domain.instruments.bladder import BLADDER
from winddown.domain.instruments.bpi import BPI
from winddown.domain.instruments.budapest import BUDAPEST
from winddown.domain.instruments.c_ssrs import C_SSRS, C_SSRS_CONTACT
from winddown.domain.instruments.cadss import CADSS
from winddown.domain.instruments.crps_severity import CRPS_SEVERITY
from winddown.domain.instruments.dast import DAST10
from winddown.domain.instruments.diary_note import DIARY_NOTE
from winddown.domain.instruments.dn4 import DN4
from winddown.domain.instruments.gad7 import GAD7
from winddown.domain.instruments.instrument import Instrument
from winddown.domain.instruments.kset import KSET
from winddown.domain.instruments.madrs import MADRS
from winddown.domain.instruments.mood import MOOD
from winddown.domain.instruments.next_morning import NEXT_MORNING
from winddown.domain.instruments.odi import ODI
from winddown.domain.instruments.opioid_dose import OPIOID_DOSE
from winddown.domain.instruments.pain_nrs import PAIN_NRS
from winddown.domain.instruments.pain_vas import PAIN_VAS
from winddown.domain.instruments.paindetect import PAINDETECT
from winddown.domain.instruments.pcl5 import PCL5
from winddown.domain.instruments.peg import PEG
from winddown.domain.instruments.pgic import PGIC
from winddown.domain.instruments.phq2 import PHQ2
from winddown.domain.instruments.phq9 import PHQ9
from winddown.domain.instruments.qids import QIDS
from winddown.domain.instruments.side_effects import SIDE_EFFECTS
from winddown.domain.instruments.stop_bang import STOP_BANG
from winddown.domain.refusals import UnknownWord

_TABLE = (
    PAIN_NRS,
    PAIN_VAS,
    PEG,
    BPI,
    MOOD,
    PHQ9,
    PHQ2,
    GAD7,
    PCL5,
    C_SSRS,
    C_SSRS_CONTACT,
    MADRS,
    QIDS,
    AUDIT_C,
    DAST10,
    OPIOID_DOSE,
    PGIC,
    SIDE_EFFECTS,
    NEXT_MORNING,
    DIARY_NOTE,
    KSET,
    BLADDER,
    BUDAPEST,
    CRPS_SEVERITY,
    CADSS,
    DN4,
    PAINDETECT,
    ODI,
    STOP_BANG,
)

INSTRUMENTS: dict[str, Instrument] = {instrument.key: instrument for instrument in _TABLE}


def instrument_of(key: str) -> Instrument:
    """The present version of an instrument. Refuses UnknownWord."""
    found = INSTRUMENTS.get(key)
    if found is None:
        raise UnknownWord("instrument", key, INSTRUMENTS)
    return found
