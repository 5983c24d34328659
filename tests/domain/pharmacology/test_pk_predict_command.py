"""`winddown predict` from outside: its contract, its exits, its cold start."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

STANDARD = ["--weight-kg", "70", "--dose", "0.5mg/kg", "--over", "40min", "--at", "10,20,40,60min"]


def predict(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "winddown.commands.predict", *words], capture_output=True, text=True, check=False)


def test_the_json_is_the_promised_contract():
    done = predict(*STANDARD, "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (found["model"], found["valid"], found["times_min"], found["warnings"]) == ("pk_rs_default", True, [10, 20, 40, 60], [])
    assert {"ketamine", "s_ketamine", "r_ketamine", "s_norketamine"} <= set(found["analytes"])
    assert {"dissociation", "systolic_rise", "diastolic_rise", "pulse_rise"} == set(found["effects"])
    for line in (*found["analytes"].values(), *found["effects"].values()):
        assert all(low <= middle <= high for low, middle, high in zip(line["p05"], line["median"], line["p95"], strict=True))
    assert found["analytes"]["ketamine"]["median"][2] == pytest.approx(295, rel=0.03)
    assert found["analytes"]["ketamine"]["typical"][2] == pytest.approx(295, abs=0.5)


def test_every_effect_is_drawn_on_request_and_the_first_two_stay_as_they_were():
    few, all_of_them = (json.loads(predict(*STANDARD, "--json", *words).stdout)["effects"] for words in ((), ("--effects",)))
    assert set(all_of_them) - set(few) == {"drug_high", "analgesia", "cardiac_output", "still_asleep", "nmda_occupancy"}
    assert {name: all_of_them[name] for name in few} == few


def test_steps_a_model_a_site_and_a_patient_can_be_chosen():
    words = ["--weight-kg", "82", "--age", "71", "--sex", "male", "--steps", "0.14mg/kg/h:60min,0.28mg/kg/h:60min", "--at", "1h,90min,2h"]
    found = json.loads(predict(*words, "--model", "pk_s_fanta2015_otto2021", "--site", "venous", "--form", "esketamine", "--json").stdout)
    assert (found["model"], found["site"], found["times_min"]) == ("pk_s_fanta2015_otto2021", "venous", [60, 90, 120])
    assert set(found["analytes"]) == {"s_ketamine", "s_norketamine"} and found["effects"] == {}


def test_the_same_question_has_the_same_answer():
    assert predict(*STANDARD, "--json", "--seed", "5").stdout == predict(*STANDARD, "--json", "--seed", "5").stdout


def test_without_json_a_table_says_the_model_and_how_far_to_trust_it():
    done = predict(*STANDARD)
    assert done.returncode == 0
    for words in ("pk_rs_default", "arterial", "40 min", "exploratory", "simulated patients only"):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--weight-kg", "70", "--dose", "0.5mg/lb", "--over", "40min", "--at", "10min"], "Unknown unit 'mg/lb'"),
        (["--weight-kg", "70", "--dose", "0.5mg/kg", "--over", "40min", "--at", "10,20"], "The time '20' has no unit"),
        ([*STANDARD[:-1], "10,20fortnights"], "Unknown unit 'fortnights'"),
        ([*STANDARD, "--model", "pk_rac_hornik2018"], "children"),
        ([*STANDARD, "--model", "pk_nothing"], "Unknown model"),
        ([*STANDARD, "--model", "pk_rac_domino", "--form", "esketamine"], "the schedule is esketamine"),
        ([*STANDARD, "--model", "pk_s_fanta2015_otto2021", "--site", "arterial"], "does not predict arterial"),
        (["--weight-kg", "70", "--steps", "-0.5mg/kg/h:20min", "--at", "10min"], "below zero"),
        (["--weight-kg", "70", "--dose", "0.5mg/kg", "--over", "40", "--at", "10min"], "'40' has no unit"),
        ([*STANDARD, "--age", "0.5"], "An age of 0.5 years is below 18"),
        (["--weight-kg", "7000", *STANDARD[2:]], "7000 kg"),
        ([*STANDARD[:-1], "60,10min"], "do not go backwards"),
    ],
)
def test_a_refusal_exits_one_with_the_reason(words, reason):
    done = predict(*words, "--json")
    assert done.returncode == 1
    assert reason in done.stderr
    assert reason in json.loads(done.stdout)["refused"]["because"]


@pytest.mark.parametrize(
    "words",
    [
        ["--weight-kg", "70", "--dose", "0.5mg/kg", "--at", "10min"],
        ["--weight-kg", "70", "--at", "10min"],
        STANDARD[2:],
        [*STANDARD, "--form", "arketamine"],
        [*STANDARD, "--site", "capillary"],
        [*STANDARD, "--fast"],
    ],
)
def test_wrong_usage_exits_two(words):
    assert predict(*words).returncode == 2


def test_a_cold_answer_loads_neither_numba_nor_scipy_nor_django():
    probe = (
        "import sys\nfrom winddown.commands.predict import app\n"
        f"try:\n    app({[*STANDARD, '--json']!r})\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'numba', 'scipy', 'django', 'rich', 'mpmath', 'pydantic', 'typer'}, loaded\n"
        "assert 'numpy.ma' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


SEEN = {
    "resting": {"systolic": 124, "pain": 7, "cadss6": 0},
    "observations": [
        {"kind": "systolic", "at_min": 10, "value": 132},
        {"kind": "systolic", "at_min": 20, "value": 141},
        {"kind": "systolic", "at_min": 25, "value": 240},
        {"kind": "cadss6", "at_min": 20, "value": 6},
        {"kind": "systolic", "at_min": 35, "value": 118},
    ],
    "other_drugs": [{"name": "midazolam", "at_min": 30}],
}


def test_what_was_seen_in_a_patient_gives_its_own_lines_and_says_what_did_not_teach(tmp_path):
    file = tmp_path / "seen.json"
    file.write_text(json.dumps(SEEN))
    found = json.loads(predict(*STANDARD, "--json", "--individual", str(file)).stdout)["individual"]
    assert [(each["at_min"], each["fits"]) for each in found["lessons"]] == [(10, True), (20, True), (20, True), (25, False)]
    assert [(each["at_min"], each["why"], each["drug"]) for each in found["left_out"]] == [(35, "other_drug", "midazolam")]
    assert {"cadss6", "systolic_rise", "pain", "ketamine", "effect_site"} <= set(found["lines"])


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("not json", "cannot be read"),
        ('{"seen": []}', "'seen'"),
        ('{"observations": [{"kind": "pulse", "at_min": 1, "value": 60}]}', "'pulse'"),
        ('{"observations": [{"kind": "moaas", "at_min": 1}]}', "incomplete: 'value'"),
        ('{"observations": [{"kind": "systolic", "at_min": 1, "value": 900}]}', "systolic 900 at minute 1 is not between 40 and 300 mmHg"),
    ],
)
def test_observations_that_cannot_be_read_are_refused_by_name(tmp_path, told, words):
    file = tmp_path / "seen.json"
    file.write_text(told)
    done = predict(*STANDARD, "--individual", str(file))
    assert done.returncode == 1 and words in done.stderr


def test_a_spreadsheet_s_table_teaches_like_the_same_entries_in_json(tmp_path):
    """With a byte-order mark, in another order of time, with an empty line."""
    sheet, told = tmp_path / "seen.csv", tmp_path / "seen.json"
    entries = [{"kind": kind, "at_min": at, "value": value} for kind, at, value in (("cadss6", 20, 6), ("systolic", 10, 131))]
    told.write_text(json.dumps({"resting": {"systolic": 120}, "observations": entries}))
    sheet.write_text("\ufeffkind,at_min,value\nsystolic,10,131\n\ncadss6,20,6\nresting_systolic,,120\n", encoding="utf-8")
    first, second = (json.loads(predict(*STANDARD, "--json", "--individual", str(file)).stdout)["individual"] for file in (sheet, told))
    assert len(first["lessons"]) == 2 and first == second


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "it is empty"),
        ("kind;at_min;value\nsystolic;10;131\n", "parted by semicolons"),
        ('kind,at_min,value\nsystolic,"10,5",131\n', "Row 2: at_min '10,5' is not a number. Write 10.5."),
        ("kind,at_min,value\nsystolic,10,131,5\n", "row 2 has more cells"),
        ("kind,minute,value\nsystolic,10,131\n", "'minute'"),
        ("kind,at_min\nsystolic,10\n", "the column value is missing"),
        ("kind,at_min,value\npulse,10,80\n", "'pulse'"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_by_row_and_column(tmp_path, table, words):
    from winddown.commands.observed import seen_in
    from winddown.domain.refusals import Refusal

    file = tmp_path / "seen.csv"
    file.write_text(table)
    with pytest.raises(Refusal) as why:
        seen_in(file)
    assert words in str(why.value)


def test_csv_has_one_row_for_each_line_and_time():
    rows = predict(*STANDARD, "--csv").stdout.splitlines()
    found = json.loads(predict(*STANDARD, "--json").stdout)
    lines = {row.split(",")[1] for row in rows[1:]}
    assert rows[0] == "minute,line,unit,rating,median,p05,p25,p75,p95,in_range,made_by,guesses,calibrated_on"
    assert len(rows) == 1 + 4 * len(lines) and set(found["analytes"]) | set(found["effects"]) <= lines
    at_40 = next(row for row in rows if row.startswith("40,ketamine,")).split(",")
    assert at_40[9:11] + at_40[12:] == ["yes", "pk_rs_default", "simulated patients only"] and at_40[11]
    rise = next(row for row in rows if row.startswith("40,systolic_rise,")).split(",")
    assert rise[10] == "pd_bp_default behind pk_rs_default" and "between_patients_cv" in rise[11].split()
    assert found["made_by"]["systolic_rise"]["guesses"] == rise[11].split()
    assert float(at_40[4]) == found["analytes"]["ketamine"]["median"][2]


def test_a_plot_is_a_picture_with_every_line_named(tmp_path):
    file = tmp_path / "forecast.svg"
    assert predict(*STANDARD, "--plot", str(file)).returncode == 0
    drawn = file.read_text()
    assert drawn.startswith("<svg") and "s-norketamine, ng/mL (moderate)" in drawn and "systolic-rise" in drawn
    assert predict(*STANDARD, "--plot", "forecast.png").returncode == 2


def test_a_level_is_held_within_the_cap_or_refused_with_what_binds():
    held = json.loads(predict("--weight-kg", "70", "--target", "150ng/mL:40min", "--cap", "30mg/h", "--json").stdout)
    assert held["found"] and held["steps"][0]["mg_per_h"] == 30 and held["binding"][0]["code"] == "rate_cap"
    done = predict("--weight-kg", "70", "--target", "150ng/mL:40min", "--cap", "20mg/h")
    assert done.returncode == 1 and "The cap of 20 mg/h binds." in done.stdout and "Nothing is ordered." in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--weight-kg", "900", "--dose", "0.5mg/kg", "--over", "40min", "--at", "1min"], "900 kg"),
        (["--weight-kg", "70", "--steps", "-0.1mg/kg/h:60min", "--at", "1min"], "below zero"),
        (
            [
                "--weight-kg",
                "70",
                "--dose",
                "0.5mg/kg",
                "--over",
                "40min",
                "--at",
                "1min",
                "--form",
                "esketamine",
                "--model",
                "pk_rac_domino",
            ],
            "esketamine",
        ),
        (["--weight-kg", "70", "--dose", "0.5furlong", "--over", "40min", "--at", "1min"], "furlong"),
        (["--weight-kg", "70", "--target", "150ug/L:40min"], "'ug/L'"),
        (["--weight-kg", "70", "--target", "150ng/mL"], "no level or no time"),
        (["--weight-kg", "900", "--target", "150ng/mL:40min"], "900 kg"),
    ],
)
def test_bad_input_is_refused_by_name(words, told):
    done = predict(*words)
    assert done.returncode == 1 and told in done.stderr
