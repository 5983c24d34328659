"""Red words: phrases about suicide and self-harm in free text, English and Spanish. A hit opens a task; a miss proves nothing.

The list is short and plain so that a clinician can read all of it. A person who wants to hide a thought, or who has other words for it,
is not found: no page may say that a text without a hit is without danger. What may soften a hit (a negation before it, an accident) turns
it into "read it today" and never into nothing. Whose thoughts they are is not told apart: a brother's suicide is a hit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Level = Literal["red", "read"]
WINDOW = 5


@dataclass(frozen=True)
class Phrase:
    """One phrase, as a pattern on plain small letters without accents and apostrophes.

    level          red: urgent; read: a person reads the text today
    own_negation   the "no" belongs to it ("no reason to live"): a negation before it softens nothing
    """

    language: str
    pattern: str
    level: Level = "red"
    own_negation: bool = False


@dataclass(frozen=True)
class Hit:
    """A phrase found: the words as they were written down, plain, and the level after softening."""

    words: str
    level: Level
    language: str


PHRASES: tuple[Phrase, ...] = (
    Phrase("en", r"suicid(?:e|al|ality|es)"),
    Phrase("en", r"kill(?:ing)? (?:my ?self|me ?self)"),
    Phrase("en", r"(?:end|ending|take|taking) (?:my|my own) life"),
    Phrase("en", r"end(?:ing)? it all"),
    Phrase(
        "en", r"(?:want|wanted|wanna|wish|hope|ready|going|rather|prefer) (?:to )?(?:die|be dead|be gone forever|never wake up|not wake up)"
    ),
    Phrase("en", r"wish (?:that )?i (?:was|were) (?:dead|never born)"),
    Phrase("en", r"better off (?:dead|without me|if i (?:was|were) (?:dead|gone))"),
    Phrase(
        "en",
        r"(?:do not|dont|didnt|no longer|never) (?:really )?want to (?:live|be alive|be here|wake up|exist|go on living)",
        own_negation=True,
    ),
    Phrase("en", r"(?:do not|dont) care if i (?:live|die|wake up)", own_negation=True),
    Phrase(
        "en",
        r"(?:no|not any|nothing|isnt any) (?:reason|point|sense)?(?: left)? ?(?:to|in|for) (?:live|living) ?(?:for)?",
        own_negation=True,
    ),
    Phrase("en", r"(?:not|isnt) worth living", own_negation=True),
    Phrase("en", r"(?:hurt|hurting|harm|harming|cut|cutting|hang|hanging|shoot|shooting|drown|drowning|poison|poisoning) my ?self"),
    Phrase("en", r"self ?harm(?:ing|ed)?|self ?injur(?:y|ing|ed)"),
    Phrase("en", r"(?:slit|cut) my wrists?"),
    Phrase("en", r"overdos(?:e|ed|ing)"),
    Phrase(
        "en",
        r"(?:take|taking|took|swallow|swallowed) (?:all|every one) (?:of )?(?:my|the|these) (?:pills|tablets|meds|medication|medicine)",
    ),
    Phrase("en", r"jump(?:ing)? (?:off|from) (?:a|the) (?:bridge|roof|building|window|balcony)"),
    Phrase("en", r"(?:cant|cannot|can not) (?:go on|live like this|keep living)(?: any ?more)?", level="read", own_negation=True),
    Phrase("en", r"(?:cant|cannot|can not) (?:take|do) (?:it|this) any ?more", level="read", own_negation=True),
    Phrase("en", r"(?:giving away my things|say(?:ing)? goodbye to everyone|a burden to (?:everyone|everybody|my family))", level="read"),
    Phrase("en", r"(?:hopeless|no hope left)", level="read", own_negation=True),
    Phrase("es", r"suicid(?:io|ios|a|as|arme|arse|ar|andome|o)"),
    Phrase("es", r"(?:matarme|me mato|me voy a matar|me quiero matar|me matare)"),
    Phrase("es", r"(?:quitarme|quitar me|quitarse) la vida"),
    Phrase("es", r"(?:acabar|terminar|poner fin|ponerle fin) (?:con |a )(?:mi vida|todo esto para siempre|todo de una vez)"),
    Phrase("es", r"(?:quiero|quisiera|queria|deseo|desearia|preferiria|prefiero|ganas de|mejor) (?:morir(?:me)?|estar muert[oa])"),
    Phrase("es", r"me (?:quiero|quisiera|gustaria) morir"),
    Phrase("es", r"ojala (?:me muriera|estuviera muert[oa]|no despertara|no despierte)", own_negation=True),
    Phrase("es", r"(?:estaria|estaria yo|estaran|estarian) mejor (?:muert[oa]|sin mi)"),
    Phrase(
        "es",
        r"no (?:quiero|deseo|quisiera) (?:vivir|seguir viviendo|seguir viv[oa]|despertar(?:me)?|estar aqui mas|existir)",
        own_negation=True,
    ),
    Phrase("es", r"no (?:me importa|me importaria) (?:morir(?:me)?|si me muero)", own_negation=True),
    Phrase(
        "es",
        r"(?:no (?:tiene|le veo) sentido|no vale la pena|sin ganas de|no tengo (?:ganas|razones|motivos) (?:de|para)) "
        r"(?:vivir|seguir viviendo|seguir viv[oa])",
        own_negation=True,
    ),
    Phrase("es", r"(?:hacerme|hacer me) dano|lastimarme|cortarme|herirme|autolesion(?:es|arme)?|ahorcarme|pegarme un tiro|envenenarme"),
    Phrase("es", r"sobredosis"),
    Phrase("es", r"(?:tomarme|tragarme|me tome|tomar) todas (?:las|mis) (?:pastillas|tabletas|medicinas)"),
    Phrase("es", r"tirarme (?:de|desde|por|al) (?:un |el |la |una )?(?:puente|techo|ventana|balcon|tren|edificio)"),
    Phrase("es", r"(?:ya )?no (?:puedo|aguanto)(?: vivir)?(?: asi)? mas", level="read", own_negation=True),
    Phrase("es", r"(?:sin esperanza|despedirme de todos|una carga para (?:todos|mi familia))", level="read", own_negation=True),
)

IDIOMS = (
    r"cut(?:ting)? my ?self some slack",
    r"(?:is|are|was|were|been) killing me",
    r"cortarme (?:el|las) (?:pelo|cabello|unas)",
    r"kill(?:ing)? (?:the )?(?:pain|time)",
    r"suicide (?:prevention|hotline|lifeline) (?:poster|card|training)",
)
ACCIDENTS = (
    r"by accident|accidentally|by mistake|shaving|cooking|lifting|falling|fell|tripp(?:ed|ing)|slipp(?:ed|ing)|at work|at the gym|"
    r"exercising|gardening|playing|running|sin querer|por accidente|afeitandome|cocinando|"
    r"levantando|al caer|me cai|en el trabajo|haciendo ejercicio"
)
_HARM = re.compile(r"(?:hurt|cut|lastimarme|cortarme|hacerme dano)")
_NEGATIONS = re.compile(
    r"\b(?:no|not|never|without|deny|denies|denied|denying|dont|didnt|doesnt|wont|wouldnt|isnt|havent|hadnt|nor|neither|"
    r"nunca|jamas|sin|ni|niego|niega|tampoco)\b"
)
_NO_NEGATION = re.compile(
    r"\b(?:not only|no solo|no solamente|never (?:felt|been) (?:so|this|more)|"
    r"nunca (?:me )?(?:he )?(?:sentido|estado) (?:tan|mas))\b"
)
_CLAUSE = re.compile(r"[.!?;:,\n]| but | though | pero | aunque | y ahora | and now ")


def find(text: str) -> tuple[Hit, ...]:
    """Every phrase of the list in the text, in order. Never refuses; a long text takes time in proportion to its length."""
    plain = plainly(text)
    for idiom in _idioms():
        plain = idiom.sub(lambda found: " " * len(found.group()), plain)
    hits = [
        (found.start(), Hit(found.group().strip(), _softened(phrase, plain, found), phrase.language))
        for phrase, pattern in _patterns()
        for found in pattern.finditer(plain)
    ]
    return tuple(hit for _start, hit in sorted(hits, key=lambda each: each[0]))


def worst(hits: Iterable[Hit]) -> Level | None:
    """red, read, or None when nothing of the list was found, which proves nothing."""
    levels = {hit.level for hit in hits}
    return "red" if "red" in levels else "read" if levels else None


def plainly(text: str) -> str:
    """Small letters, no accents, no apostrophes, single spaces; punctuation stays, since it ends a clause."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign) and sign not in "'’‘`´")
    flat = re.sub(r"[-_/]+", " ", flat)
    return re.sub(r"[ \t\r\f\v]+", " ", flat)


def _softened(phrase: Phrase, plain: str, found: re.Match[str]) -> Level:
    if phrase.level == "read":
        return "read"
    if _HARM.match(found.group()) and re.search(ACCIDENTS, _clause_after(plain, found.end())):
        return "read"
    return "read" if not phrase.own_negation and _negated(plain, found.start()) else "red"


def _negated(plain: str, start: int) -> bool:
    """Exactly one negation in the five words before, in the same clause. Two of them may undo each other: then it stays red."""
    before = _CLAUSE.split(plain[max(0, start - 80) : start])[-1]
    near = " ".join(before.split()[-WINDOW:])
    return not _NO_NEGATION.search(near) and len(_NEGATIONS.findall(near)) == 1


def _clause_after(plain: str, end: int) -> str:
    return re.split(r"[.!?;\n]", plain[end : end + 60])[0]


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Phrase, re.Pattern[str]], ...]:
    return tuple((phrase, re.compile(rf"\b(?:{phrase.pattern})\b")) for phrase in PHRASES)


@lru_cache(maxsize=1)
def _idioms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{idiom})\b") for idiom in IDIOMS)
