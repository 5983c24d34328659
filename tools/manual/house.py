"""Settings and permissions. No Django: the table of permissions is read from its file, because importing it would need a database."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from manual.shape import page, table
from winddown.config.environment import SETTINGS, Environment

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "winddown"

# What a variable means, where neither its name nor the docstring of Environment says it.
MEANINGS = {
    "database_url": "the application role on a server of your own; not set: the embedded PostgreSQL in the data folder",
    "device_database_url": "the device role of listener and watch on a server of your own; not set: the application role",
    "secret_file": "the program's own key, outside the database and its backups; not set: `keys/secret` in the data folder",
    "environment": "what this is; demo and test are never for the care of anybody",
    "host": "where the pages listen",
    "port": "where the pages listen",
    "workers": "web processes",
    "tls_cert": "certificate of the pages, where no proxy holds one",
    "tls_key": "its key",
    "behind_proxy": "1 when a proxy on this machine holds the certificate",
    "allowed_hosts": "the names under which the pages may be asked for",
    "lock_after_min": "minutes without a touch after which a screen locks; recording and alarms go on",
    "language": "of pages and messages",
    "mllp_host": "where devices are listened to",
    "mllp_port": "where devices are listened to",
    "mllp_practice": "which practice the listener serves, where the record holds several",
    "mllp_tls_cert": "certificate of the listener",
    "mllp_tls_key": "its key",
    "mllp_tls_client_ca": "only devices with a certificate of this authority are answered",
    "address": "how patients reach this service: links in messages begin with it; not set: this machine alone",
    "email_from": "the sender of emails to patients",
    "email_key": "the key of the email service",
    "smtp_url": "the mail server, for the provider `smtp`",
    "sms_provider": "who carries text messages; `file` writes nobody (docs/runbooks/messages.md)",
    "sms_url": "where text messages are handed over, for the provider `webhook`",
    "sms_secret": "what signs text messages handed over to a webhook",
}


def settings_page() -> str:
    told = _told_by_docstring(Environment.__doc__ or "") | MEANINGS
    silent = [setting.field for setting in SETTINGS if setting.field not in told]
    if silent:
        raise LookupError(f"say in MEANINGS what these settings mean: {', '.join(silent)}")
    rows = [
        (f"`{setting.variable}`", told[setting.field], setting.allowed, f"`{setting.default}`" if setting.default else "")
        for setting in SETTINGS
    ]
    return page(
        "Settings",
        "`winddown.config.environment`",
        """From the environment only, read once at the start. A name that is not here, or a value that is not allowed, stops the program. An
empty variable counts as unset. Values that may hold a password are never printed.
""",
        table(("Variable", "What it is", "Allowed", "Default"), rows),
        """`WINDDOWN_ROLE_DATABASE_URL` is given by `winddown serve` to each of its processes; nobody else sets it.
`make demo PORT=9000 DATA=folder` sets `WINDDOWN_PORT` and `WINDDOWN_DATA`.""",
    )


def _told_by_docstring(text: str) -> dict[str, str]:
    return {found[1]: found[2].strip() for found in re.finditer(r"^    (\w+) {2,}(.+)$", text, re.MULTILINE)}


def permissions_page() -> str:
    permissions, roles = permission_tables()
    said = _words_of_acts()
    headings = ("Act", "In words", *(name.capitalize() for name in roles.values()))
    rows = [(f"`{act}`", said.get(act, ""), *("yes" if role in may else "" for role in roles)) for act, may in permissions.items()]
    return page(
        "Who may do what",
        "`winddown.services.permissions`",
        """Services ask this table before they write, pages before they show. A person may hold several roles. An act that is not in the
table stops.
""",
        table(headings, rows),
    )


def permission_tables() -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """PERMISSIONS and ROLES, by running the file without the one import that needs a database (it serves annotations only)."""
    tree = ast.parse((PACKAGE / "services" / "permissions.py").read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("winddown.record"))]
    space: dict[str, Any] = {"__name__": "permissions"}
    exec(compile(tree, "permissions.py", "exec"), space)
    return dict(space["PERMISSIONS"]), dict(space["ROLES"])


def _words_of_acts() -> dict[str, str]:
    """The words of the page "roles", without its translations."""
    tree = ast.parse((PACKAGE / "web" / "people" / "words.py").read_text(encoding="utf-8"))
    named = (node for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name))
    acts = next(node.value for node in named if isinstance(node.target, ast.Name) and node.target.id == "ACTS")
    assert isinstance(acts, ast.Dict)
    pairs = ((ast.literal_eval(key), value) for key, value in zip(acts.keys, acts.values, strict=True) if key is not None)
    return {act: ast.literal_eval(call.args[0]) for act, call in pairs if isinstance(call, ast.Call)}
