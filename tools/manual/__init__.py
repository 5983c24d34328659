"""The pages of the manual that are made from the code, by subject."""
