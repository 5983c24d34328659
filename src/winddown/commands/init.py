"""`winddown init`: a new record with its first practice, location and administrator."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from winddown.commands.terminal import say_to_person
from winddown.config import postgres
from winddown.config.environment import read
from winddown.config.founding import found
from winddown.config.house import open_as

app = typer.Typer(add_completion=False)


@app.command()
def run(
    practice: Annotated[str, typer.Option(help="Short name of the practice: letters, digits and -.")],
    name: Annotated[str, typer.Option(help="Full name of the practice.")],
    location: Annotated[str, typer.Option(help="Name of its first location.")],
    time_zone: Annotated[str, typer.Option(help="The location's IANA time zone, such as America/New_York.")],
    email: Annotated[str, typer.Option(help="Sign-in address of the first administrator.")],
    administrator: Annotated[str, typer.Option(help="Name of the first administrator.")],
    chairs: Annotated[int, typer.Option(min=1, max=200, help="How many chairs the location has.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Make a new record: database, keys, tables, one practice and one administrator. The password is asked for, never given as a word."""
    environment = read(os.environ)
    password = _password()
    found(environment, slug=practice, name=name, say=say_to_person)
    try:
        with open_as("app", environment, say_to_person):
            _people(practice, location, time_zone, chairs, email, administrator, password)
    finally:
        if not environment.external:
            postgres.stop(environment)
    if as_json:
        sys.stdout.write(json.dumps({"practice": practice, "administrator": email, "data": str(environment.data)}) + "\n")
    else:
        sys.stdout.write(f"The record is in {environment.data}. `winddown serve` starts it; {email} can sign in.\n")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password of the administrator (12 characters or more)", hide_input=True, confirmation_prompt=True))


def _people(practice: str, location: str, time_zone: str, chairs: int, email: str, administrator: str, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password  # slow import
    from django.core.exceptions import ValidationError  # slow import

    from winddown.domain.refusals import OutOfRange  # slow import
    from winddown.record.models import Location, Practice  # slow import
    from winddown.record.scope import at_practice  # slow import
    from winddown.services import clock, people  # slow import

    try:
        validate_password(password)
    except ValidationError as why:
        raise OutOfRange(
            because=" ".join(why.messages), way_out="Choose a longer password.", code="password_weak", where="password"
        ) from None
    row = Practice.objects.get(slug=practice)
    now = clock.now()
    with at_practice(row.pk):
        place = Location.objects.filter(name=location).first() or people.open_location(
            name=location, time_zone=time_zone, now=now, chairs=[f"Chair {number}" for number in range(1, chairs + 1)]
        )
        people.employ(email=email, password=password, name=administrator, roles=["administrator"], practice=row, now=now, home=place)
