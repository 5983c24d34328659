"""Staff keep the public site: texts and their approval, notices, places, people, and the questions that strangers ask."""
