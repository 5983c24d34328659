"""Consent: versioned texts with a hash, what must be done before signing, and risk figures counted here beside the published ones."""
