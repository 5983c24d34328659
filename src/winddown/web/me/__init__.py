"""The patient's own pages, behind a sign-in of their own."""
