"""What was measured in people, and how far each model is from it: `compare.record_of` for one model, `effects.CASES` for the effects.

The table of observations is a transcription with its sources; an observation that built a model never counts for it.
"""
