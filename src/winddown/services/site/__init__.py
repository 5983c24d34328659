"""The public site: what a stranger may read, who approved it, and the questions that strangers ask."""
