"""The patient at home: what is asked when, how reminders slow down, what an answer sets off."""
