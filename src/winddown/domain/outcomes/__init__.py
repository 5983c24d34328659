"""What became of a patient after infusions: episodes by a written definition, and what the clinic counts from them."""
