"""Settings: from the environment only, `WINDDOWN_*`, read once into one frozen value. The unknown stops the program."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from winddown.domain.refusals import Refusal, UnknownWord

PREFIX = "WINDDOWN_"
LANGUAGES = ("en", "es")
Kind = Literal["production", "demo", "test"]
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Environment:
    """Everything the program was told from outside. Each field is the variable of the same name: `mllp_port` is WINDDOWN_MLLP_PORT.

    data                  folder of the record; deleting it is the only way to lose something
    database_url          application role on an external server; None means the embedded PostgreSQL in `data`
    owner_database_url    owner role, for migrations only
    device_database_url   device role for listener and watch on an external server; None means `database_url`
    role_database_url     the one URL a child process was given by its supervisor; wins over all the others
    mllp_allow            who may send to the listener; empty means the loopback addresses only
    secret_file           the program's own key, outside the database and outside its backups
    address               how patients reach this service: what links in messages begin with
    email_provider        who carries emails; email_key or smtp_url opens it. sms_provider: who carries text messages, by a webhook
    """

    environment: Kind
    data: Path
    database_url: str | None = field(repr=False)
    owner_database_url: str | None = field(repr=False)
    device_database_url: str | None = field(repr=False)
    role_database_url: str | None = field(repr=False)
    host: str
    port: int
    workers: int
    tls_cert: Path | None
    tls_key: Path | None
    behind_proxy: bool
    allowed_hosts: tuple[str, ...]
    secret_file: Path
    lock_after_min: int
    language: str
    mllp_host: str
    mllp_port: int
    mllp_allow: tuple[Network, ...]
    mllp_practice: str | None
    mllp_tls_cert: Path | None
    mllp_tls_key: Path | None
    mllp_tls_client_ca: Path | None
    address: str | None
    email_provider: str
    email_from: str
    email_key: str | None = field(repr=False)
    smtp_url: str | None = field(repr=False)
    sms_provider: str
    sms_url: str | None = field(repr=False)
    sms_secret: str | None = field(repr=False)

    @property
    def external(self) -> bool:
        """True when the record lives on a server that is not ours to start, stop or back up."""
        return self.database_url is not None

    @property
    def production(self) -> bool:
        return self.environment == "production"


@dataclass(frozen=True)
class Setting:
    """One variable. `parse` raises ValueError for what is not allowed; `default` is text, read the same way."""

    field: str
    parse: Callable[[str], Any]
    allowed: str
    default: str | None = None
    secret: bool = False

    @property
    def variable(self) -> str:
        return PREFIX + self.field.upper()

    def read(self, environ: Mapping[str, str]) -> Any:
        """The parsed value; an empty variable counts as unset. Refuses `bad_setting`, naming the variable and never a secret."""
        text = environ.get(self.variable, "").strip() or self.default
        if text is None:
            return None
        try:
            return self.parse(text)
        except ValueError as why:
            shown = "holds a value that is not allowed (not shown, it may hold a secret)" if self.secret else f"is {text!r}"
            raise refuse_setting(self.variable, shown, self.allowed) from why


def refuse_setting(variable: str, shown: str, allowed: str) -> Refusal:
    return Refusal(because=f"{variable} {shown}.", way_out=f"Allowed: {allowed}.", code="bad_setting", where=variable)


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return parse


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return parse


def _folder(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError(text)
    return path


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _readable_file(text: str) -> Path:
    path = _path(text)
    if not path.is_file():
        raise ValueError(text)
    return path


def _postgresql_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/") or parts.port == 0:
        raise ValueError("not a PostgreSQL address")
    return text


def _host(text: str) -> str:
    if any(mark in text for mark in " /,@") or ("." not in text and ":" not in text and not text.isalnum()):
        raise ValueError(text)
    return text


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(word) for word in _words(text))


def _word(text: str) -> str:
    if not text.replace("-", "").replace("_", "").isalnum():
        raise ValueError(text)
    return text


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ValueError("not an address")
    return text.rstrip("/")


def _web_page(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("not an address")
    return text


def _smtp_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname or parts.port == 0:
        raise ValueError("not an SMTP address")
    return text


EMAIL_PROVIDERS = ("file", "console", "smtp", "postmark", "sendgrid", "brevo", "mailersend")
SMS_PROVIDERS = ("file", "console", "webhook")
_PORT = "a port from 0 to 65535; 0 takes any free one"
_HOST = "an address or host name, such as 127.0.0.1"
_FILE = "a file that exists"
_URL = "postgresql://role:password@host:port/database"

SETTINGS: tuple[Setting, ...] = (
    Setting("environment", _one_of("production", "demo", "test"), "production, demo or test", "production"),
    Setting("data", _folder, "a folder, or a path where one can be made", "./data"),
    Setting("database_url", _postgresql_url, _URL, secret=True),
    Setting("owner_database_url", _postgresql_url, _URL, secret=True),
    Setting("device_database_url", _postgresql_url, _URL, secret=True),
    Setting("role_database_url", _postgresql_url, _URL, secret=True),
    Setting("host", _host, _HOST, "127.0.0.1"),
    Setting("port", _whole(0, 65535), _PORT, "8000"),
    Setting("workers", _whole(1, 64), "a number of web processes from 1 to 64", "2"),
    Setting("tls_cert", _readable_file, _FILE),
    Setting("tls_key", _readable_file, _FILE),
    Setting("behind_proxy", lambda text: _one_of("0", "1")(text) == "1", "0 or 1", "0"),
    Setting("allowed_hosts", _words, "host names separated by commas", "localhost,127.0.0.1,[::1]"),
    Setting("secret_file", _path, "a path; `winddown init` makes the file"),
    Setting("lock_after_min", _whole(1, 240), "whole minutes from 1 to 240", "10"),
    Setting("language", _one_of(*LANGUAGES), " or ".join(LANGUAGES), "en"),
    Setting("mllp_host", _host, _HOST, "127.0.0.1"),
    Setting("mllp_port", _whole(0, 65535), _PORT, "2575"),
    Setting("mllp_allow", _networks, "addresses or networks separated by commas, such as 10.1.2.3,10.1.4.0/24", ""),
    Setting("mllp_practice", _word, "the reference of one practice: letters, digits, - and _"),
    Setting("mllp_tls_cert", _readable_file, _FILE),
    Setting("mllp_tls_key", _readable_file, _FILE),
    Setting("mllp_tls_client_ca", _readable_file, _FILE),
    Setting("address", _web_address, "https://host of this service, without a path"),
    Setting("email_provider", _one_of(*EMAIL_PROVIDERS), ", ".join(EMAIL_PROVIDERS), "file"),
    Setting("email_from", str, "the sender of emails, such as clinic@example.org", "winddown@localhost"),
    Setting("email_key", str, "the key of the email service", secret=True),
    Setting("smtp_url", _smtp_url, "smtp+starttls://user:password@host:587, smtps:// or smtp://", secret=True),
    Setting("sms_provider", _one_of(*SMS_PROVIDERS), ", ".join(SMS_PROVIDERS), "file"),
    Setting("sms_url", _web_page, "https://address that takes text messages", secret=True),
    Setting("sms_secret", str, "the secret that signs what is sent there", secret=True),
)


def read(environ: Mapping[str, str]) -> Environment:
    """The settings of this process. Refuses an unknown `WINDDOWN_*` name, a value that is not allowed, and settings that contradict."""
    _refuse_unknown_names(environ)
    values = {setting.field: setting.read(environ) for setting in SETTINGS}
    if values["secret_file"] is None:
        values["secret_file"] = values["data"] / "keys" / "secret"
    environment = Environment(**values)
    _refuse_contradictions(environment)
    return environment


def _refuse_unknown_names(environ: Mapping[str, str]) -> None:
    known = [setting.variable for setting in SETTINGS]
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            refusal = UnknownWord("setting", name, known)
            refusal.where = name
            refusal.way_out = (f"Did you mean {near[0]}? " if near else "") + refusal.way_out
            raise refusal


def _refuse_contradictions(environment: Environment) -> None:
    pairs = (("tls_cert", "tls_key"), ("tls_key", "tls_cert"), ("mllp_tls_cert", "mllp_tls_key"), ("mllp_tls_key", "mllp_tls_cert"))
    for one, other in (*pairs, ("mllp_tls_client_ca", "mllp_tls_cert"), ("owner_database_url", "database_url")):
        if getattr(environment, one) is not None and getattr(environment, other) is None:
            raise refuse_setting(PREFIX + one.upper(), f"is set without {PREFIX}{other.upper()}", "both, or neither")
    for provider, chosen, needed in (
        ("smtp", environment.email_provider, "smtp_url"),
        *((name, environment.email_provider, "email_key") for name in EMAIL_PROVIDERS[3:]),
        ("webhook", environment.sms_provider, "sms_url"),
        ("webhook", environment.sms_provider, "sms_secret"),
        *((name, environment.email_provider, "address") for name in EMAIL_PROVIDERS[2:]),
        ("webhook", environment.sms_provider, "address"),
    ):
        if chosen == provider and getattr(environment, needed) is None:
            raise refuse_setting(PREFIX + needed.upper(), "is not set", f"a value, because the provider is {provider}")
    if environment.production and not is_loopback(environment.host) and not environment.behind_proxy and environment.tls_cert is None:
        raise refuse_setting(
            "WINDDOWN_HOST",
            f"is {environment.host!r}, reachable from the network, without encryption",
            "127.0.0.1; or set WINDDOWN_TLS_CERT and WINDDOWN_TLS_KEY, or WINDDOWN_BEHIND_PROXY=1 (docs/runbooks/tls.md)",
        )


def is_loopback(host: str) -> bool:
    """True for an address of this machine alone. A host name other than `localhost` is never assumed to be one."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
