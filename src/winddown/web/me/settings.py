"""How the patient is reached and signed in: contact, passkeys, the sign-ins that stand."""

from __future__ import annotations

from django.http import HttpResponse

from winddown.services import own_passkeys, own_sign_in
from winddown.web.own_door import OwnRequest, own_page, show


@own_page(reads="settings", caregiver="any")
def settings(request: OwnRequest) -> HttpResponse:
    context = {
        "passkeys": own_passkeys.of(request.own),
        "sign_ins": own_sign_in.standing(request.own, now=request.now),
        "tab": "more",
    }
    return show(request, "me/settings.html", context)
