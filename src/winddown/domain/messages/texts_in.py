"""What staff are told of a text message that came in."""

UNKNOWN = "A text message came from a number that no patient here has, or several. Read it under Messages, and find out who wrote."
SENTENCES = (UNKNOWN,)
