"""From what somebody wrote to the substance: brand names, accents, doses, combinations, and what nobody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.screening.medicines import is_no_medicine, plain, recognize, table


@pytest.mark.parametrize(
    ("written", "generics"),
    [
        ("Lamictal 100 mg twice a day", ("lamotrigine",)),
        ("LAMOTRIGINE", ("lamotrigine",)),
        ("MS Contin 15mg", ("morphine",)),
        ("oxycodone/acetaminophen 5-325", ("acetaminophen", "oxycodone")),
        ("Suboxone 8/2", ("buprenorphine", "naloxone")),
        ("St. John's wort", ("st johns wort",)),
        ("ácido fólico, folic acid", ("folic acid",)),
        ("Auvelity", ("bupropion", "dextromethorphan")),
        ("low-dose naltrexone 4.5 mg", ("naltrexone",)),
        ("Foobarol 3 mg", ()),
    ],
)
def test_what_is_written_is_the_substance_it_names(written, generics):
    assert recognize(written).generics == generics


def test_a_part_of_a_word_is_not_a_medicine():
    assert not recognize("ironing").recognized
    assert not recognize("valiumlike").recognized


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("midazolam", "benzodiazepine"),
        ("methadone", "nmda_antagonist"),
        ("clonidine", "alpha2"),
        ("Parnate", "maoi"),
        ("Wegovy", "glp1"),
        ("Farxiga", "sglt2"),
        ("itraconazole", "itraconazole"),
        ("Contrave", "naltrexone"),
    ],
)
def test_a_medicine_has_the_class_that_its_rule_looks_at(name, wanted):
    assert wanted in recognize(name).classes


def test_itraconazole_is_not_counted_among_the_inhibitors_it_was_compared_with():
    assert "cyp3a4_strong" not in recognize("itraconazole").classes


def test_no_name_of_the_table_stands_for_two_things():
    from importlib.resources import files

    text = (files("winddown.domain.screening") / "medicines.csv").read_text(encoding="utf-8")
    names = [plain(name) for line in text.splitlines()[1:] for name in [line.split(",")[0], *line.split(",")[2].split(";")] if name]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    assert len(table()) == len(set(names))


@given(st.text(max_size=60))
def test_nothing_that_can_be_written_breaks_it_and_the_words_stay(text):
    assert recognize(text).words == text.strip()


def test_none_is_not_a_medicine():
    assert is_no_medicine(" None. ")
    assert not is_no_medicine("no idea, a blue pill")
