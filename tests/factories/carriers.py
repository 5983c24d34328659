"""A mail server and a text service on this machine: real sockets, real TLS, and the ways in which such servers fail."""

from __future__ import annotations

import base64
import json
import socketserver
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much of RFC 5321, 3207 and 4954 as a client needs.

    refuses    the code with which an address is refused
    hangs_up   "at once", or "after the letter": it has taken it and says nothing
    login      (name, password) that must be given first
    tls        (certificate, key): STARTTLS is offered, and asked for before anything else
    """

    daemon_threads = allow_reuse_address = True

    def __init__(self, *, refuses=0, hangs_up="", login=None, tls=None):
        super().__init__(("127.0.0.1", 0), _Mail)
        self.refuses, self.hangs_up, self.login, self.tls = refuses, hangs_up, login, tls
        self.letters, self.names = [], []

    @property
    def port(self):
        return self.server_address[1]


class _Mail(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.safe = self.let_in = False
        if self.server.hangs_up == "at once":
            return
        self.say("220 house")
        while line := self.rfile.readline().decode().strip():
            verb, _space, rest = line.partition(" ")
            if verb.upper() == "QUIT":
                self.say("221 bye")
                return
            if getattr(self, f"on_{verb.lower()}", self.unknown)(rest) == "gone":
                return

    def unknown(self, _rest):
        self.say("502 no")

    def on_ehlo(self, _rest):
        offers = ["STARTTLS"] if self.server.tls and not self.safe else []
        offers += ["AUTH PLAIN"] if self.server.login else []
        for place, offer in enumerate(["house", *offers], 1):
            self.say(f"250{' ' if place == len(offers) + 1 else '-'}{offer}")

    def on_starttls(self, _rest):
        self.say("220 go")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.server.tls)
        try:
            self.request = context.wrap_socket(self.request, server_side=True)
        except OSError:
            return "gone"
        self.rfile, self.wfile, self.safe = self.request.makefile("rb"), self.request.makefile("wb", 0), True
        return ""

    def on_auth(self, rest):
        name, password = base64.b64decode(rest.split()[1]).decode().split("\0")[1:]
        self.let_in = (name, password) == self.server.login
        self.say("235 in" if self.let_in else "535 wrong")

    def on_mail(self, _rest):
        ready = (not self.server.tls or self.safe) and (not self.server.login or self.let_in)
        self.say("250 ok" if ready else "530 not yet")

    def on_rcpt(self, _rest):
        self.say(f"{self.server.refuses} refused" if self.server.refuses else "250 ok")

    def on_data(self, _rest):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.letters.append(b"".join(lines))
        if self.server.hangs_up:
            return "gone"
        self.say("250 kept")
        return ""

    def on_rset(self, _rest):
        self.say("250 ok")


class TextService(ThreadingHTTPServer):
    """Answers each request with the next of `answers` (the last one stays): a status, or "gone" for a reply that is lost on its way."""

    def __init__(self, *answers):
        super().__init__(("127.0.0.1", 0), _Text)
        self.answers, self.heard = list(answers or (200,)), []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/texts"

    def taken(self):
        """What reached telephones: each key once, whatever was lost on the way back."""
        return {headers["Idempotency-Key"]: body for headers, body, status in self.heard if status in ("gone", 200)}


class _Text(BaseHTTPRequestHandler):
    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        service = self.server
        status = service.answers.pop(0) if len(service.answers) > 1 else service.answers[0]
        service.heard.append((dict(self.headers) | {"raw": raw}, json.loads(raw), status))
        if status != "gone":
            self.send_response(status)
            self.end_headers()

    def log_message(self, *_told):
        """Nothing is said on the test's own output."""


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder):
    """(certificate, key) of a server at 127.0.0.1, signed by itself."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(tz=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return paths
