"""The practice's site for everybody: no sign-in, no cookie, no script needed."""
