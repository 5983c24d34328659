"""What a web worker does when it has answered."""

from __future__ import annotations

from winddown.config.web_worker import warm_later
from winddown.domain.pharmacology import engine


def test_the_compiled_arithmetic_is_ready_when_the_waiting_is_over():
    waiting = warm_later(0.0)
    assert waiting.daemon
    waiting.join()
    assert engine.ready()
