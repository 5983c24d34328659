"""Recovery: published scores judged at the patient's own baseline, and the gate a nurse signs."""
