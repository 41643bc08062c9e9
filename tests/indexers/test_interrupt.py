"""The first Ctrl-C ends a run at the next safe place, the second at once."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from indexers.interrupt import Interrupt, deferred_interrupt

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """A process started in the background may ignore SIGINT from birth."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_the_first_ctrl_c_is_noted_and_the_second_interrupts() -> None:
    with deferred_interrupt() as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.requested
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_the_handler_of_before_is_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with deferred_interrupt():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_in_another_thread_nothing_is_touched() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[Interrupt] = []

    def run() -> None:
        with deferred_interrupt() as interrupt:
            assert signal.getsignal(signal.SIGINT) is before
            seen.append(interrupt)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert [interrupt.requested for interrupt in seen] == [False]


def test_whoever_began_a_run_can_end_it() -> None:
    mine = Interrupt()
    with deferred_interrupt(mine) as interrupt:
        mine.requested = True
        assert interrupt.requested
