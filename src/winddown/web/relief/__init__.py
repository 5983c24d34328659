"""Relief over weeks: the scores with what is expected of them, the patient's own curve, the letter after a series, lifetime exposure."""
