"""Who signs in, who they are here, and what they are trained for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.places import Location, Practice


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Account:
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser):
    """What is needed before the practice is known: an address, a password hash, and which practice to enter.

    It stands outside the wall of scope on purpose and so holds nothing else; name, roles and PIN are on `Staff`, inside.
    """

    email = models.EmailField(unique=True)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    def __str__(self) -> str:
        return f"account {self.pk}"


class Staff(Referenced):
    """A person who works here, with roles and a PIN for two-person acts at the chair."""

    changes: ClassVar[tuple[str, ...]] = ("name", "initials", "roles", "home", "pin_hash", "pin_failures", "pin_blocked_until", "active")
    device_role_may: ClassVar[str] = "select (id, practice_id, name, roles, active)"

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="staff")
    name = models.CharField(max_length=120)
    initials = models.CharField(max_length=6)
    roles = ArrayField(models.CharField(max_length=20))
    home = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pin_hash = models.CharField(max_length=200, blank=True)
    pin_failures = models.PositiveSmallIntegerField(default=0)
    pin_blocked_until = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Credential(Scoped):
    """A training or license with its expiry, as recorded; a renewal is a new row."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=40)
    expires_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True)
