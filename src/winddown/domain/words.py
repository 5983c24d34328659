"""Words that people type."""

from __future__ import annotations

from winddown.domain.refusals import OutOfRange


def uncut(words: str, most: int, *, where: str = "words") -> str:
    """Words as they are kept, without the space around them.

    most     how many letters fit
    refuses  OutOfRange for more: nothing is cut off, the end may be what matters
    """
    kept = words.strip()
    if len(kept) > most:
        raise OutOfRange(
            because=f"These words have {len(kept):,} letters; {most:,} fit.",
            way_out=f"Say it with {len(kept) - most:,} letters less.",
            code="words_do_not_fit",
            where=where,
        )
    return kept
