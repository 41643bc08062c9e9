"""Readers see documents in one form, and the writer waits for those who see the old one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from rag.store.catalog import Intent
from rag.store.visibility import EVERYTHING, View, Visibility

if TYPE_CHECKING:
    from collections.abc import Callable

RESULT = {
    "id": ["a0", "a1", "a0", "b0"],
    "doc_id": ["a", "a", "a", "b"],
    "generation": [1, 1, 2, 1],
}


def intent(doc_id: str, generation: int) -> Intent:
    return Intent("c", doc_id, 1, generation, removes=False, replaces=True)


def started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_while_nothing_changes_a_result_is_passed_on_as_it_is() -> None:
    with Visibility().reading("c") as view:
        assert view.of(RESULT) is RESULT


def test_rows_that_are_arriving_are_hidden() -> None:
    assert View(arriving=2).of(RESULT)["id"] == ["a0", "a1", "b0"]


def test_of_replaced_documents_only_the_new_rows_are_shown() -> None:
    assert View(replaced={"a": 2}).of(RESULT) == {
        "id": ["a0", "b0"],
        "doc_id": ["a", "b"],
        "generation": [2, 1],
    }


def test_a_write_goes_from_hidden_to_published_to_settled() -> None:
    visibility = Visibility()
    seen = []
    for step in (
        lambda: visibility.hide("c", 2),
        lambda: visibility.publish([intent("a", 2)]),
        lambda: visibility.settle("c"),
    ):
        step()
        with visibility.reading("c") as view, visibility.reading("other") as other:
            seen.append(view)
            assert other is EVERYTHING
    assert seen == [View(arriving=2), View(replaced={"a": 2}), EVERYTHING]


@pytest.mark.parametrize("change", ["hide", "publish"])
def test_a_writer_waits_for_those_who_read_before_and_not_for_those_who_began_since(
    change: str,
) -> None:
    visibility = Visibility()
    changes = {
        "hide": lambda: visibility.hide("c", 2),
        "publish": lambda: visibility.publish([intent("a", 2)]),
    }
    with visibility.reading("c") as before:
        writer = started(changes[change])
        while True:
            with visibility.reading("c") as view:
                if view is not EVERYTHING:
                    break
        assert before is EVERYTHING
        assert writer.is_alive()
    with visibility.reading("c"):
        writer.join(10)
        assert not writer.is_alive()


def test_a_read_that_fails_is_over() -> None:
    visibility = Visibility()
    with pytest.raises(KeyError), visibility.reading("c"):
        raise KeyError
    visibility.wait_for_readers()
