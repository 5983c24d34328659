"""One web process. Its supervisor opened the door and hands over the listening socket, so a worker can die and return unnoticed.

Run as `python -m winddown.config.web_worker FD`. Says `ready` once it answers.
"""

from __future__ import annotations

import os
import socket
import sys
import threading

import uvicorn

from winddown.config.environment import read
from winddown.config.process import guarded, refuse_an_old_record

APPLICATION = "winddown.config.asgi:application"
OPEN_REQUESTS_MAY_TAKE_S = 3
WARM_AFTER_S = 60.0
BEHIND_OTHERS = 15  # the nice value of the thread that compiles


def warm_later(after_s: float) -> threading.Timer:
    """Make the model's compiled arithmetic ready when the first pages have long been served, behind everything else that waits for a core.

    From then on a chart and a lesson take half the time; until then, and where it fails, the plain road gives the same numbers.
    """

    def warm() -> None:
        from winddown.domain.pharmacology import engine  # slow import

        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND_OTHERS)
        engine.warm()

    timer = threading.Timer(after_s, warm)
    timer.daemon = True
    timer.start()
    return timer


class Worker(uvicorn.Server):
    """uvicorn, which says `ready` on its standard output when it has started, and ends the open streams when it is told to stop."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            warm_later(WARM_AFTER_S)

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
