"""Sign-in rules: nobody makes an account by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):
    """Accounts are made by an administrator of the practice, never at the sign-in page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
