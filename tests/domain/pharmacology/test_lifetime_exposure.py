"""The area under the level for a milligram, by another road: another dose, another rate, another step of time."""

from __future__ import annotations

import numpy as np
import pytest

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.cloud import cloud
from winddown.domain.pharmacology.exposure import area_per_mg
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.regimen import Schedule, Segment

BODY = Patient(weight_kg=70.0, age_years=40.0, sex="female")


def test_the_area_of_a_milligram_does_not_depend_on_dose_or_rate():
    hours = np.linspace(0.0, 10 * 24.0, 200_001)
    schedule = Schedule("racemic", (Segment(0.0, 240.0, 0.25),))
    model = models.get(models.DEFAULT)
    names = ("ketamine", "s_norketamine", "r_norketamine")
    levels = cloud(model.parameters(BODY), schedule, hours * 60, analytes=names).levels
    area = {name: float(np.trapezoid(levels[name][0], hours)) / 60.0 for name in names}
    found = area_per_mg(models.DEFAULT, BODY, "racemic")
    assert found["ketamine"] == pytest.approx(area["ketamine"], rel=0.005)
    assert found["norketamine"] == pytest.approx(area["s_norketamine"] + area["r_norketamine"], rel=0.005)
