"""Relief that outlasts the drug: learned from one patient's own scores, with the published slow effect and the practice as its prior."""
