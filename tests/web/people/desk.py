"""A browser without a screen: signed in as one person of a practice."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from winddown.record.models import Account


def anyone() -> Client:
    return Client(SERVER_NAME="localhost")


def signed_in(house: Any, role: str) -> Client:
    client = anyone()
    client.force_login(Account.objects.get(email=house.emails[role]))
    return client


def words_of(response: Any) -> str:
    """The page's text, entities resolved as far as these tests need it."""
    return response.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


def queries(client: Client, path: str) -> int:
    """How many questions a page asks the database; asked twice, so that caches of the process do not count."""
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)
