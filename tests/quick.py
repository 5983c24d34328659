"""Argon2 with the least work, so that tests make many people quickly. The product's own hasher is untouched."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 1024
    parallelism = 1
