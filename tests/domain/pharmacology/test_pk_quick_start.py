"""The quick start runs as it stands, and says what it says it says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).resolve().parents[3] / "docs" / "quick-start.ipynb"
nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")


@pytest.fixture(scope="module")
def said() -> dict[str, object]:
    """What each cell answers, by its id."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    answers: dict[str, object] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "execute_result":
                answers[cell.id] = ast.literal_eval(output.data["text/plain"])
    return answers


def test_every_cell_runs_and_a_patient_is_the_same_alone_and_among_others(said):
    assert said["cell-14"] is True


def test_a_model_of_children_is_refused_with_its_reason(said):
    because, way_out = said["cell-09"]
    assert "children" in because and "pk_rs_default" in way_out


def test_the_slower_arm_has_the_lower_peak_and_nobody_is_promised_anything(said):
    arms = said["cell-16"]
    assert arms["100 minutes"]["peak_ketamine"]["median"] < arms["40 minutes"]["peak_ketamine"]["median"]
    assert "no patient was treated" in said["cell-17"]


def test_the_notebook_keeps_no_answers():
    """Answers are for whoever runs it; kept ones would grow old."""
    assert all(not cell.get("outputs") for cell in nbformat.read(NOTEBOOK, as_version=4).cells)
