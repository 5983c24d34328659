"""Those who carry messages: a file, the console, an email service, a telephone service. One promise: `send` returns, or says why not."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import os
import smtplib
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from django.core.mail import EmailMessage, get_connection

from winddown.domain.refusals import UnknownWord
from winddown.services.messages import Outgoing

log = logging.getLogger("winddown.post")
TIMEOUT_S = 20
QUIET_ERRORS = (408, 425, 429)


class NotSent(Exception):
    """It was not taken. `for_good`: trying again would change nothing. `unsure`: it may have left all the same."""

    def __init__(self, words: str, *, for_good: bool = False, unsure: bool = False) -> None:
        super().__init__(words)
        self.words, self.for_good, self.unsure = words, for_good, unsure


class Provider(Protocol):
    def send(self, message: Outgoing) -> str:
        """Hand it over. returns what the provider calls it, or nothing; raises NotSent."""
        ...


class Folder:
    """One file for each message, for a clinic that has not chosen a provider yet, for demo and tests. The file is whole or not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Outgoing) -> str:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self.folder / f"{message.ref}.txt"
        beside = place.with_suffix(".part")
        try:
            if message.attachment is not None:
                with open(os.open(place.with_suffix(".pdf"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as paper:
                    paper.write(message.attachment[1])
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(_as_text(message))
            beside.replace(place)
        except OSError as why:
            raise NotSent(f"the file could not be written: {why.strerror}") from None
        return place.name


class Console:
    """On the output of the program. For trying things out: what is written there stays in the log."""

    def send(self, message: Outgoing) -> str:
        sys.stdout.write(_as_text(message) + "\n")
        sys.stdout.flush()
        return ""


class Email:
    """Any email backend of Django: SMTP, or one of the services that django-anymail knows."""

    def __init__(self, backend: str, sender: str, **told: Any) -> None:
        self.backend, self.sender, self.told = backend, sender, told

    def send(self, message: Outgoing) -> str:
        headers = {"Auto-Submitted": "auto-generated"}
        if message.stop_url:
            headers |= {"List-Unsubscribe": f"<{message.stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        letter = EmailMessage(message.title, message.words, self.sender, [message.address], headers=headers)
        if message.attachment is not None:
            letter.attach(*message.attachment, "application/pdf")
        letter.connection = self._opened()
        try:
            letter.send()
        except smtplib.SMTPServerDisconnected:
            raise NotSent("the mail server hung up", unsure=True) from None
        except smtplib.SMTPRecipientsRefused as why:
            codes = [code for code, _words in why.recipients.values()]
            raise NotSent(f"the mail server refused the address ({codes[0]})", for_good=all(code >= 500 for code in codes)) from None
        except smtplib.SMTPException as why:
            raise NotSent(f"the mail server refused: {type(why).__name__}") from None
        except TimeoutError:
            raise NotSent("the mail server did not answer in time", unsure=True) from None
        except OSError as why:
            raise NotSent(f"the mail server was not reached: {type(why).__name__}") from None
        except Exception as why:
            raise NotSent(f"the email service refused: {type(why).__name__}") from None
        finally:
            _closed(letter.connection)
        return ""

    def _opened(self) -> Any:
        """A way to the server that stands. What fails before it stands has sent nothing, so it is tried again and never `unsure`."""
        connection = get_connection(self.backend, **self.told)
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError as why:
            raise NotSent(f"the mail server refused the name or the password ({why.smtp_code})") from None
        except ssl.SSLError as why:
            raise NotSent(f"the mail server's certificate is not trusted: {getattr(why, 'verify_message', '') or why.reason}") from None
        except UnicodeError:
            raise NotSent("the name or the password has signs beyond ASCII, which signing in to a mail server cannot carry") from None
        except (OSError, smtplib.SMTPException) as why:
            raise NotSent(f"the mail server was not reached: {type(why).__name__}") from None
        return connection


def _closed(connection: Any) -> None:
    """The letter was taken or not before: how the line is closed changes nothing of that."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        connection.close()


class Webhook:
    """A text message handed to a service of the clinic as JSON, with the message's reference as idempotency key and a signature."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret

    def send(self, message: Outgoing) -> str:
        body = json.dumps({"id": message.ref, "to": message.address, "text": message.words}).encode()
        signature = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.ref, "X-Winddown-Signature": f"sha256={signature}"}
        request = urllib.request.Request(self.url, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return str(answer.status)
        except urllib.error.HTTPError as why:
            raise NotSent(f"the text service answered {why.code}", for_good=why.code < 500 and why.code not in QUIET_ERRORS) from None
        except (urllib.error.URLError, TimeoutError, OSError) as why:
            raise NotSent(f"the text service was not reached: {type(why).__name__}") from None


def providers(told: Mapping[str, Any]) -> dict[str, Provider]:
    """The provider of each channel, from the settings. Refuses UnknownWord for one that is not known."""
    return {"email": _email(told), "sms": _sms(told)}


def _email(told: Mapping[str, Any]) -> Provider:
    name = told["email"]
    if name in ("file", "console"):
        return _plain(name, told)
    if name == "smtp":
        return Email("django.core.mail.backends.smtp.EmailBackend", told["sender"], timeout=TIMEOUT_S, **told["smtp"])
    backends = {
        "postmark": ("anymail.backends.postmark.EmailBackend", "server_token"),
        "sendgrid": ("anymail.backends.sendgrid.EmailBackend", "api_key"),
        "brevo": ("anymail.backends.brevo.EmailBackend", "api_key"),
        "mailersend": ("anymail.backends.mailersend.EmailBackend", "api_token"),
    }
    if name not in backends:
        raise UnknownWord("email provider", name, ("file", "console", "smtp", *backends))
    backend, key = backends[name]
    return Email(backend, told["sender"], **{key: told["email_key"]})


def _sms(told: Mapping[str, Any]) -> Provider:
    name = told["sms"]
    if name in ("file", "console"):
        return _plain(name, told)
    if name == "webhook":
        return Webhook(told["sms_url"], told["sms_secret"])
    raise UnknownWord("text provider", name, ("file", "console", "webhook"))


def _plain(name: str, told: Mapping[str, Any]) -> Provider:
    return Folder(told["folder"]) if name == "file" else Console()


def _as_text(message: Outgoing) -> str:
    attached = f"Attached: {message.attachment[0]}, {len(message.attachment[1])} bytes\n" if message.attachment is not None else ""
    return f"To: {message.name} <{message.address}>\nBy: {message.channel}\nSubject: {message.title}\n{attached}\n{message.words}\n"
