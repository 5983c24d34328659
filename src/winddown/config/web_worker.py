"""One web process. Its supervisor opened the door and hands over the listening socket, so a worker can die and return unnoticed.

Run as `python -m winddown.config.web_worker FD`. Says `ready` once it answers.
"""

from __future__ import annotations

import os
import socket
import sys

import uvicorn

from winddown.config.environment import read
from winddown.config.process import guarded, refuse_an_old_record

APPLICATION = "winddown.config.asgi:application"
OPEN_REQUESTS_MAY_TAKE_S = 3


class Worker(uvicorn.Server):
    """uvicorn, which says `ready` on its standard output when it has started, and ends the open streams when it is told to stop."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write("ready\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        from winddown.config.asgi import stream  # slow import

        stream.end()
        await super().shutdown(sockets)


def main(descriptor: int) -> int:
    """Serve until told to stop. Refuses a record that is not up to date."""
    refuse_an_old_record()
    environment = read(os.environ)
    config = uvicorn.Config(
        APPLICATION,
        timeout_graceful_shutdown=OPEN_REQUESTS_MAY_TAKE_S,
        proxy_headers=environment.behind_proxy,
        ssl_certfile=environment.tls_cert,
        ssl_keyfile=environment.tls_key,
        access_log=False,
        server_header=False,
        log_config=None,
    )
    Worker(config).run(sockets=[socket.socket(fileno=descriptor)])
    return 0


if __name__ == "__main__":
    sys.exit(guarded(lambda: main(int(sys.argv[1]))))
