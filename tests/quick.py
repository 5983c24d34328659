"""Argon2 with the least work, so that tests make many people quickly. The product's own hasher is untouched."""

from functools import lru_cache

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """The eight people of each practice share a password and a PIN: one real hash of each is enough for all of them."""
        return _hashed(password)


@lru_cache
def _hashed(password: str) -> str:
    hasher = Argon2PasswordHasher()
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = QuickArgon2.time_cost, QuickArgon2.memory_cost, QuickArgon2.parallelism
    return hasher.encode(password, hasher.salt())
