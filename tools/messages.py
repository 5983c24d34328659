"""Collects every sentence that a page marks for translation into src/winddown/locale, and compiles what is translated.

`python tools/messages.py` needs Debian's gettext; docs/adr/0021-languages.md says why this and not `makemessages` alone: the short names
under which rooms call gettext, the single words of the domain that pages pass through it, and a catalogue that changes only when words do.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from pathlib import Path

from django.core.management import call_command
from django.core.management.commands import compilemessages, makemessages

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "winddown"
LANGUAGES = ("es",)
OF_PATIENTS = ("ar",)  # written by hand for the pages of patients alone; nothing is collected into it
CHURN = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Project-Id-Version|Report-Msgid-Bugs-To): .*\\n"\n', re.M
)
SENTENCES_OF_THE_DUTIES = (
    "Observations",
    "Recheck during the hold",
    "Recovery observations",
    "Look at the IV site",
    "The bag reaches its use-by time",
    "Name the next supervising prescriber",
    "Complete the last set",
)


class Collect(makemessages.Command):
    """`__` and `lazy` are names for gettext_lazy here; a guessed translation is none."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=__", "--keyword=lazy"]


def words_of_the_domain() -> list[str]:
    """The fixed words that pages translate by variable: phases, vital signs, scales with their levels, duties."""
    from winddown.domain.consent.rates import RISKS
    from winddown.domain.messages import failed, texts_in
    from winddown.domain.outcomes.follow import SENTENCES as SCORES_ASK
    from winddown.domain.pharmacology.chart import ANALGESIC_LOW
    from winddown.domain.pharmacology.clock import CAVEAT
    from winddown.domain.public_site import questions
    from winddown.domain.relief.booster import FADES
    from winddown.domain.sessions.phase import PHASES
    from winddown.domain.sessions.scores import SCALES
    from winddown.domain.suicide_safety import follow, triage
    from winddown.domain.suicide_safety.crisis import COUNTRIES
    from winddown.domain.tasks import escalation
    from winddown.domain.tasks.kinds import KINDS as TASKS
    from winddown.domain.vitals.kinds import KINDS

    levels = [level.words for scale in SCALES.values() for level in scale.levels]
    kinds, scales = [kind.words for kind in KINDS.values()], [scale.words for scale in SCALES.values()]
    missing = [key.replace("_", " ") for key in (*KINDS, *SCALES)]
    tasks = [words for task in TASKS.values() for words in (task.words, *(outcome.words for outcome in task.outcomes.values()))]
    sentences = [
        *SENTENCES_OF_THE_DUTIES,
        CAVEAT,
        ANALGESIC_LOW.name,
        *tasks,
        *triage.SENTENCES,
        *follow.SENTENCES,
        *SCORES_ASK,
        FADES,
        *escalation.SENTENCES,
        *questions.SENTENCES,
        *failed.SENTENCES,
        *texts_in.SENTENCES,
        *(country.name for country in COUNTRIES.values()),
        *(words for risk in RISKS for words in (risk.words, risk.per)),
    ]
    sentences += words_of_the_pinprick_test()
    return list(dict.fromkeys(filter(None, [*PHASES.values(), *kinds, *scales, *levels, *missing, *sentences])))


def words_of_the_pinprick_test() -> list[str]:
    """Regions of the body, and the reasons why a measure or a z is not there."""
    from winddown.domain.sensory import body, norms, score

    return [*score.REASONS, *norms.REASONS, *(region.name for region in body.REGIONS.values())]


def words_inside_f_strings() -> list[str]:
    """What the extractor is blind to: a call of gettext between the braces of an f-string."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(text, ast.JoinedStr):
                found += [call.args[0].value for call in ast.walk(text) if _marks(call)]
    return list(dict.fromkeys(found))


def _marks(node: ast.AST) -> bool:
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "__", "lazy")
    return named and bool(node.args) and isinstance(node.args[0], ast.Constant)


def collect() -> None:
    """Bring every catalogue up to the pages as they are now."""
    written = PACKAGE / "words_that_are_not_seen.py"
    written.write_text(
        "".join(f"gettext_noop({words!r})\n" for words in [*words_of_the_domain(), *words_inside_f_strings()]), encoding="utf-8"
    )
    try:
        os.chdir(PACKAGE)
        call_command(Collect(), locale=list(LANGUAGES), no_obsolete=True, no_wrap=True, add_location="file", verbosity=0)
    finally:
        written.unlink()
    for language in LANGUAGES:
        catalogue = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"
        catalogue.write_text(CHURN.sub("", catalogue.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> int:
    sys.path[:0] = [str(ROOT / "src")]
    os.environ |= {
        "WINDDOWN_ENVIRONMENT": "test",
        "WINDDOWN_SECRET_FILE": str(ROOT / "tests" / "secret"),
        "DJANGO_SETTINGS_MODULE": "winddown.config.settings",
    }
    collect()
    call_command(compilemessages.Command(), locale=[*LANGUAGES, *OF_PATIENTS], verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
