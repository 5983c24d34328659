"""The record of each model: the arithmetic of errors, who may judge whom, and numbers that somebody else computed from the same curves."""

from __future__ import annotations

import csv
import re
from statistics import median

import numpy as np
import pytest

from tests.domain.pharmacology.pharmacology_oracles import HERE, rows
from winddown.domain.pharmacology import library, models
from winddown.domain.pharmacology.cloud import cloud
from winddown.domain.pharmacology.evidence.compare import BUILT_IT, OTHER_SITE, record_of
from winddown.domain.pharmacology.evidence.effect_panels import effect_panels
from winddown.domain.pharmacology.evidence.effects import CASES
from winddown.domain.pharmacology.evidence.errors import Performance, performance
from winddown.domain.pharmacology.evidence.observations import observations
from winddown.domain.pharmacology.evidence.panels import panels
from winddown.domain.pharmacology.evidence.words import regimen_words
from winddown.domain.pharmacology.model import Patient, share_of_dose
from winddown.domain.pharmacology.models.equations import equations
from winddown.domain.pharmacology.regimen import steps
from winddown.domain.refusals import NotAllowed, UnknownWord


def off(model_id: str, group: str) -> tuple[float, float]:
    """Bias and error over a whole group, whether it counts or not."""
    percents = [each.percent_off for each in record_of(model_id).compared if each.observation.group == group]
    return median(percents), median(abs(percent) for percent in percents)


@pytest.mark.parametrize(
    ("model_id", "group", "bias", "error"),
    [
        ("pk_rs_default", "kamp2020_s_ketamine_esketamine", -7.5, 10.3),
        ("pk_rs_default", "kamp2020_r_ketamine_racemic", -3.2, 7.5),
        ("pk_rs_default", "kamp2020_s_norketamine_esketamine", 6, 6),
        ("pk_rs_default", "kamp2020_r_norketamine_racemic", 28, 28),
        ("pk_s_simons2022", "kamp2020_s_norketamine_esketamine", 33, 33),
        ("pk_s_noppers2011", "kamp2020_s_ketamine_esketamine", -5.5, 7.0),
        ("pk_s_fanta2015_otto2021", "kamp2020_s_ketamine_esketamine", 38, 38),
        ("pk_s_fanta2015_otto2021", "kamp2020_s_norketamine_esketamine", 29, 29),
        ("pk_s_perezruixo2021", "kamp2020_s_ketamine_esketamine", 66, 66),
        ("pk_rac_kamp2020_meta", "kamp2020_ketamine_racemic", 0.3, 9.4),
        ("pk_rac_domino", "kamp2020_ketamine_racemic", 18, 19),
        ("pk_rac_clements250", "kamp2020_ketamine_racemic", 34, 34),
    ],
)
def test_the_errors_are_those_of_an_independent_simulation_of_the_same_curves(model_id, group, bias, error):
    """Pharmacology reference, section 4: other code, same digitised figure."""
    assert off(model_id, group) == (pytest.approx(bias, abs=0.7), pytest.approx(error, abs=0.7))


def test_bias_and_error_are_medians_worked_by_hand():
    assert performance([10.0, -30.0, 20.0, -2.0]) == Performance(4, 4.0, 15.0)
    assert performance([]) is None
    assert Performance(3, -10.0, 20.0).reaches_goal
    assert not Performance(3, 10.1, 12.0).reaches_goal


def test_an_observation_that_built_a_model_never_counts_for_it():
    found = [each for name in models.RUNNABLE for each in record_of(name).compared if name in each.observation.built]
    assert {each.left_out for each in found} == {BUILT_IT}
    assert {each.observation.study for each in found} >= {"Simons 2022 part 1", "Kamp 2020 Br J Anaesth, figure 1"}


def test_no_arterial_model_is_judged_by_venous_blood_nor_the_other_way():
    for name in models.RUNNABLE:
        sites = models.read(name).card.sites
        if sites[0] in ("arterial", "venous"):
            assert {each.observation.site for each in record_of(name).counted()} <= set(sites)
    assert any(each.left_out == OTHER_SITE for each in record_of("pk_s_simons2022").compared)


def test_a_model_of_children_is_never_judged_by_adults():
    for name in models.NOT_FOR_ADULTS_INTRAVENOUSLY:
        assert {each.observation.setting for each in record_of(name).counted()} <= {"intensive care"}


def test_the_default_reaches_its_goal_where_the_report_says_so_and_only_there():
    record = record_of(models.DEFAULT)
    assert record.performance(site="arterial", parents=True).reaches_goal
    assert record.performance(site="venous", parents=True).reaches_goal
    assert not record.performance(site="arterial", parents=False).reaches_goal
    assert not record_of(models.DEFAULT, 5.0).performance(site="venous", parents=True).reaches_goal


@pytest.mark.parametrize("model_id", models.USABLE)
def test_what_a_card_says_of_its_error_is_what_the_observations_say(model_id):
    record, words = record_of(model_id), models.get(model_id).card.outside_error
    said = {int(number) for number in re.findall(r"bias ([+-]\d+)%", words)}
    found = {
        round(told.bias_percent)
        for site in ("arterial", "venous")
        for parents in (True, False)
        if (told := record.performance(site=site, parents=parents)) is not None
    }
    assert said == found


def test_every_published_observation_is_used_or_says_why_not():
    for each in observations():
        if not each.not_used_because:
            assert each.ng_per_ml and each.time_min and each.weight_kg and each.schedule().total_mg > 0
    used = {each.observation for name in models.RUNNABLE for each in record_of(name).compared}
    assert {each for each in observations() if not each.not_used_because} <= used


def test_the_means_read_before_this_table_was_made_are_in_it_unchanged():
    """tests/.../observations.csv was typed separately."""
    known = {(each.study, each.time_min, each.analyte, each.ng_per_ml) for each in observations()}
    for row in rows("observations.csv"):
        assert (row["study"], float(row["time_min"]), row["analyte"], float(row["mean_ng_per_ml"])) in known


def test_amounts_of_substance_become_nanograms_by_the_weight_of_their_own_molecule():
    by_time = {(each.group, each.time_min): each.ng_per_ml for each in observations()}
    assert by_time[("kamp2020_s_ketamine_esketamine", 180.0)] == pytest.approx(1.0335 * 237.73)
    assert by_time[("kamp2020_s_norketamine_racemic", 180.0)] == pytest.approx(0.6272 * 223.70)


def test_a_picture_holds_the_points_that_count_and_those_that_built_the_model_and_no_others():
    for name in models.USABLE:
        drawn = [point for panel in panels(name) for point in panel.points]
        assert sum(point.counts for point in drawn) == len(record_of(name).counted())
    simons = next(panel for panel in panels("pk_s_simons2022") if panel.study.startswith("Simons"))
    assert [point.counts for point in simons.points] == [False, False]


@pytest.mark.parametrize("effect_id", library.EFFECTS)
def test_the_band_of_an_effect_never_leaves_out_a_number(effect_id):
    drawn = effect_panels(effect_id)
    assert drawn and all(np.isfinite(each.panel.typical).all() for each in drawn)
    for each in drawn:
        assert (each.panel.low <= each.panel.high + 1e-9).all()


def test_the_published_values_on_the_pictures_of_effects_are_those_of_the_papers():
    """Typed again from the papers: line, level or day, value, interval, whether it judges. Fractions in percent."""
    drawn = {
        (each.line, round(point.minute, 4), *(None if number is None else round(number, 2) for number in numbers), point.counts)
        for effect_id in library.EFFECTS
        for each in effect_panels(effect_id)
        for point in each.panel.points
        for numbers in ((point.ng_per_ml, point.low, point.high),)
    }
    assert drawn == {
        ("systolic_rise", 142.2, 12.61, 10.40, 14.82, False),
        ("systolic_rise", 142.2, 7.4, None, None, True),
        ("diastolic_rise", 142.2, 8.49, 6.89, 10.09, False),
        ("diastolic_rise", 142.2, 6.0, None, None, True),
        ("pulse_rise", 142.2, 4.09, 0.55, 7.63, False),
        ("pulse_rise", 142.2, 1.9, None, None, True),
        ("cardiac_output", 320.0, 9.86, 9.52, 10.2, True),
        ("still_asleep", 642.0, 50.0, None, None, False),
        ("mood_gain", 0.125, 6.16, 4.44, 7.88, False),
        ("mood_gain", 1.0, 9.96, 8.97, 10.95, False),
        ("relief_of_the_group", 7.0, 51.0, None, None, False),
    }


def test_a_printed_number_is_told_with_all_its_digits():
    told = {case.what: case.seen for case in CASES}
    assert told["systolic rise at the peak"] == "12.61 (10.40 to 14.82)"
    assert told["cardiac output at 320 ng/mL S-ketamine"] == "+40 to +50"
    assert told["area of the drug high"] == "9,070 (SD 4,630)"
    assert told["less pain than placebo at the end of week 1"] == "51 (2.68 against 5.45 of 10)"
    assert told["level at which half had opened their eyes"] == "642 (SD 214)"
    printed = {case.what: case.printed for case in CASES}
    assert printed["less pain than placebo at the end of week 1"].in_unit("%") == "51 % (2.68 against 5.45 of 10)"
    assert printed["less pain at week 12"].in_unit("%") == "no difference (P = 0.07)"
    assert told["less pain at week 12"] == "no difference (P = 0.07)"


def test_a_curve_of_an_effect_passes_where_the_paper_says():
    """Half of the scale at the published C50 of 0.51 nmol/mL; a quarter more output at 1.68 nmol/mL; half asleep at 642 ng/mL."""
    for effect_id, level, expected in (
        ("pd_dissociation_olofsen2022", 0.51 * 237.73, 50.0),
        ("pd_co_kamp2021", 0.5 * 1.68 * 237.73, 6.8 * 1.125),
        ("pd_sedation_idvall1979", 642.0, 50.0),
    ):
        panel = effect_panels(effect_id)[0].panel
        assert float(np.interp(level, panel.minutes, panel.typical)) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("model_id", models.RUNNABLE)
def test_the_printed_equations_give_the_levels_that_are_predicted(model_id):
    """Read the lines back as a stranger would, step them with Euler, and compare: 7 mg/h for six hours, 70 kg."""
    model = models.read(model_id)
    changes, outputs = {}, {}
    for line in equations(model):
        left, right = line.split(" = ")
        if left.startswith("d "):
            changes[left.split()[1]] = re.findall(r"([+-]? ?[\d.e-]+) ([a-z]\w*)", right.replace("dose", ""))
        else:
            factor, state = right.split()
            outputs[left.removesuffix(" (ng/mL)")] = (float(factor), state)
    entries = {next(name for name in changes if name.endswith(mark + "plasma")): drug for mark, drug in _entries(model)}
    state = dict.fromkeys(changes, 0.0)
    minute = 0.02
    for _ in range(round(360 / minute)):
        rates = {name: sum(float(k.replace(" ", "")) * state[source] for k, source in terms) for name, terms in changes.items()}
        state = {
            name: state[name] + minute * (rates[name] + (7 / 60 * share_of_dose(entries[name], "racemic") if name in entries else 0.0))
            for name in state
        }
    levels = cloud(
        model.parameters(Patient(70)), steps("racemic", "7mg/h:6h", weight_kg=70), np.array([360.0]), analytes=tuple(outputs)
    ).levels
    for name, (factor, source) in outputs.items():
        assert factor * state[source] == pytest.approx(levels[name][0, 0], rel=0.01), name


def _entries(model):
    systems = model.parameters(Patient(70)).systems
    return [((f"{system.drug.split('_')[0]}_" if len(systems) > 1 else ""), system.drug) for system in systems]


def test_the_library_lists_each_model_effect_and_refusal_once():
    told = library.everything()
    names = [each["id"] for kind in ("models", "effects", "refused") for each in told[kind]]
    assert len(names) == len(set(names))
    with (HERE / "published_figures.csv").open(newline="") as file:
        assert {row["model"] for row in csv.DictReader(file)} <= set(names)


def test_a_guess_is_marked_in_the_library_and_a_read_figure_is_not():
    figures = {each["symbol"]: each for each in library.one("pk_rs_default")["figures"]}
    assert figures["NK_fraction"]["guess"] and "guess" in figures["NK_fraction"]["read"]
    assert not figures["CL"]["guess"]


def test_unknown_and_unrunnable_names_are_refused():
    with pytest.raises(UnknownWord, match="pk_rs_default"):
        library.one("pk_guess")
    with pytest.raises(NotAllowed, match="liver-flow"):
        library.one("pk_s_ashraf2018_ddi")


def test_every_effect_case_predicts_a_number():
    assert all(np.isfinite(case.predict()) for case in CASES)


def test_a_regimen_is_read_aloud():
    assert regimen_words("0.14mg/kg/h:60min,0.28mg/kg/h:60min") == "0.14 mg/kg/h for 60 min, then 0.28 mg/kg/h for 60 min"
    assert regimen_words("5mg over 30min") == "5 mg over 30 min"
