"""The sign-in library brings more addresses than this house uses.

Those not named here do not exist, and none that belongs to a signed-in person opens past a locked screen.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account import urls as account_urls
from allauth.mfa import urls as second_factor_urls
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver

from winddown.web.access import View, is_locked

ENTRANCE = frozenset({"account_login", "account_logout", "account_inactive", "mfa_authenticate", "mfa_login_webauthn"})
SIGNED_IN = frozenset(
    {
        "account_reauthenticate",
        "account_change_password",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_edit_webauthn",
    }
)


def close_what_is_not_used() -> None:
    """Put a door in front of each address of the library. Safe to repeat."""
    for pattern in _patterns([*account_urls.urlpatterns, *second_factor_urls.urlpatterns]):
        if not hasattr(pattern.callback, "house_door"):
            pattern.callback = _door(pattern.callback, pattern.name or "")


def _patterns(entries: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in entries:
        found += _patterns(entry.url_patterns) if isinstance(entry, URLResolver) else [entry]
    return found


def _door(view: View, name: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if name in ENTRANCE:
            return view(request, *args, **kwargs)
        if name not in SIGNED_IN:
            raise Http404
        if request.user.is_authenticated and is_locked(request):
            return redirect(f"/lock/?next={request.path}")
        return view(request, *args, **kwargs)

    guarded.house_door = True  # type: ignore[attr-defined]
    return guarded
