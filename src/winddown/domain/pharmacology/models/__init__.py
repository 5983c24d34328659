"""The models by name. One published model per file; a file is read only when its model is asked for."""

from __future__ import annotations

from importlib import import_module

from winddown.domain.pharmacology.model import Model
from winddown.domain.refusals import NotAllowed, UnknownWord

DEFAULT = "pk_rs_default"
SECOND = "pk_rac_domino"
SECOND_FOR_ESKETAMINE = "pk_s_noppers2011"
USABLE = (
    "pk_rs_default",
    "pk_s_simons2022",
    "pk_rac_kamp2020_meta",
    "pk_rac_domino",
    "pk_rac_clements250",
    "pk_s_fanta2015_otto2021",
    "pk_s_noppers2011",
)

CHILDREN = "was built on children; Winddown treats adults"
EFFECT = "describes an effect, not what the body does to the dose; effects are chosen with the effect, not with --model"

NOT_FOR_ADULTS_INTRAVENOUSLY = {
    "pk_s_perezruixo2021": "comes mostly from nasal doses: its values include an absorbed fraction (CL/F) and are not intravenous ones",
    "pk_rac_hijazi2003": "was built on adults in intensive care after trauma, who clear ketamine almost twice as fast as clinic patients",
    "pk_rac_herd2007_children": CHILDREN,
    "pk_nk_herd2007_children": "was built on children and adults together, and its clearance conflicts with the same authors' other data",
    "pk_rac_hornik2018": CHILDREN,
    "pk_s_flint2017_picu": "was built on infants and children in intensive care; Winddown treats adults",
    "pk_rac_sherwin2015_children": CHILDREN,
}
NOTHING_TO_RUN = {
    "pk_s_ashraf2018_ddi": "is an oral drug-interaction model whose liver-flow constants lost their labels in every copy read",
    "pk_nca_enantiomers": "is a set of clearances and half-lives without compartments: there is nothing to run",
    "pk_thirdparty_l1_digitised_fit": "is an unreviewed fit to digitised curves that over-predicts norketamine beyond 2 h",
    "pd_ppt_dahan2024": "is disputed: read as it stands, one standard infusion would multiply the pressure pain threshold several times",
    "pd_bowdle1998": "gives straight lines on venous levels of 50 to 200 ng/mL, but no slope of any item could be read",
    "pd_cadss_link": "is an association between dissociation and mood, not a model of either",
    "pd_sigtermans2009": "gives no half-effect concentration that could be read",
    "pd_ani_navarrete2025": "is the lag of an index measured under general anesthesia",
}
EFFECTS = (
    "pd_dissociation_olofsen2022",
    "pd_drughigh_simons2022",
    "pd_co_kamp2021",
    "pd_bp_default",
    "pd_pain_longmemory_dahan2011",
    "pd_acute_analgesia_olofsen2012",
    "pd_sedation_idvall1979",
    "pd_nmda_occupancy",
    "pd_mood_empirical",
)
REFUSED = {**NOT_FOR_ADULTS_INTRAVENOUSLY, **NOTHING_TO_RUN, **dict.fromkeys(EFFECTS, EFFECT)}
RUNNABLE = (*USABLE, *NOT_FOR_ADULTS_INTRAVENOUSLY)


def get(model_id: str) -> Model:
    """The model of this name.

    refuses  NotAllowed for a known model that must not drive an adult intravenous prediction, with the reason; UnknownWord otherwise
    """
    if model_id in REFUSED:
        raise NotAllowed(
            because=f"Model {model_id} {REFUSED[model_id]}.",
            way_out=f"Usable: {', '.join(USABLE)}.",
            code="model_refused",
            where="model",
        )
    if model_id not in USABLE:
        raise UnknownWord("model", model_id, USABLE)
    return read(model_id)


def read(model_id: str) -> Model:
    """The file of this name, to show it and to test it: also one that `get` refuses to predict an adult's infusion with.

    refuses  NotAllowed for a known set of figures that cannot be run, with the reason; UnknownWord for an unknown name
    """
    if model_id in NOTHING_TO_RUN:
        raise NotAllowed(
            because=f"Model {model_id} {NOTHING_TO_RUN[model_id]}.",
            way_out=f"Files that run: {', '.join(RUNNABLE)}.",
            code="model_not_runnable",
            where="model",
        )
    if model_id not in RUNNABLE:
        raise UnknownWord("model", model_id, RUNNABLE)
    model: Model = import_module(f"{__name__}.{model_id}").MODEL
    return model


def all() -> tuple[Model, ...]:
    """Every usable model, the default first."""
    return tuple(get(model_id) for model_id in USABLE)
