"""Opening the house for one deed: the database runs, and Django is connected as the one role that the deed needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from winddown.config import postgres
from winddown.config.cluster.account import Say
from winddown.config.environment import Environment
from winddown.domain.refusals import Missing


def url_for(role: postgres.Role, environment: Environment, cluster: postgres.Cluster | None) -> str:
    """The address for one role: of the embedded cluster, or of the external server as the environment names it.

    refuses Missing when an external server is used and the owner's address is needed but not given
    """
    if cluster is not None:
        return cluster.url(role)
    named = {"app": environment.database_url, "device": environment.device_database_url or environment.database_url}
    url = named.get(role) or environment.owner_database_url
    if url is None:
        raise Missing(
            because="This needs the owner of the database, and WINDDOWN_OWNER_DATABASE_URL is not set.",
            way_out="Set it for this one command only; the service itself must never hold it (docs/runbooks/postgres-of-your-own.md).",
            code="owner_url_missing",
            where="WINDDOWN_OWNER_DATABASE_URL",
        )
    return url


@contextmanager
def running_database(environment: Environment, say: Say = postgres.silent) -> Iterator[postgres.Cluster | None]:
    """The embedded server for the length of one deed; None when the server is external and so already somebody's care."""
    with nullcontext(None) if environment.external else postgres.running(environment, say) as cluster:
        yield cluster


@contextmanager
def open_as(role: postgres.Role, environment: Environment, say: Say = postgres.silent) -> Iterator[None]:
    """Django, set up and connected as `role`. One process serves one role: the first choice stands until the process ends."""
    with running_database(environment, say) as cluster:
        os.environ["WINDDOWN_ROLE_DATABASE_URL"] = url_for(role, environment, cluster)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winddown.config.settings")
        import django  # slow import

        django.setup()
        from django.db import connections  # slow import

        try:
            yield
        finally:
            connections.close_all()
