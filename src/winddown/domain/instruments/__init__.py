"""Questionnaires and scores: one file each for those whose words may be shown, one for those whose words belong to somebody."""

from __future__ import annotations

from winddown.domain.instruments import licensed
from winddown.domain.instruments.audit_c import AUDIT_C
from winddown.domain.instruments.bladder import BLADDER
from winddown.domain.instruments.budapest import BUDAPEST
from winddown.domain.instruments.crps_severity import CRPS_SEVERITY
from winddown.domain.instruments.diary_note import DIARY_NOTE
from winddown.domain.instruments.gad7 import GAD7
from winddown.domain.instruments.instrument import Instrument
from winddown.domain.instruments.mood import MOOD
from winddown.domain.instruments.next_morning import NEXT_MORNING
from winddown.domain.instruments.opioid_dose import OPIOID_DOSE
from winddown.domain.instruments.pain_nrs import PAIN_NRS
from winddown.domain.instruments.pain_vas import PAIN_VAS
from winddown.domain.instruments.pcl5 import PCL5
from winddown.domain.instruments.peg import PEG
from winddown.domain.instruments.pgic import PGIC
from winddown.domain.instruments.phq2 import PHQ2
from winddown.domain.instruments.phq9 import PHQ9
from winddown.domain.instruments.side_effects import SIDE_EFFECTS
from winddown.domain.refusals import UnknownWord

_TABLE = (
    PAIN_NRS,
    PAIN_VAS,
    PEG,
    licensed.BPI,
    MOOD,
    PHQ9,
    PHQ2,
    GAD7,
    PCL5,
    licensed.C_SSRS,
    licensed.C_SSRS_CONTACT,
    licensed.MADRS,
    licensed.QIDS,
    AUDIT_C,
    licensed.DAST10,
    OPIOID_DOSE,
    PGIC,
    SIDE_EFFECTS,
    NEXT_MORNING,
    DIARY_NOTE,
    licensed.KSET,
    BLADDER,
    BUDAPEST,
    CRPS_SEVERITY,
    licensed.CADSS,
    licensed.DN4,
    licensed.PAINDETECT,
    licensed.ODI,
    licensed.STOP_BANG,
)

INSTRUMENTS: dict[str, Instrument] = {instrument.key: instrument for instrument in _TABLE}


def instrument_of(key: str) -> Instrument:
    """The present version of an instrument. Refuses UnknownWord."""
    found = INSTRUMENTS.get(key)
    if found is None:
        raise UnknownWord("instrument", key, INSTRUMENTS)
    return found
