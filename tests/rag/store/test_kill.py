"""kill -9 at random moments: what was acknowledged is whole, what was not is old or gone."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING, Any

from tests.rag.store.kill_run import CHUNKS, DOCUMENTS
from tests.rag.store.process import start

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN = ("-m", "tests.rag.store.kill_run")
LIVES = 3
LAST = 10_000


class Expected:
    """What the acknowledgements promise, and what a write under way may have done."""

    def __init__(self) -> None:
        self.revisions: dict[str, int] = {}
        self.next_revision = 0

    def note(self, line: dict[str, Any]) -> None:
        if "written" in line:
            self.revisions.update(dict.fromkeys(line["written"], line["revision"]))
            self.next_revision = line["revision"] + 1
        elif "removed" in line:
            del self.revisions[line["removed"]]

    def check(self, found: dict[str, list[str]]) -> None:
        """The unacknowledged change is the next revision's write, or the deletion after it."""
        for n in range(DOCUMENTS):
            doc_id = f"d{n}"
            allowed = [self.revisions.get(doc_id)]
            if n in {(3 * self.next_revision + i) % DOCUMENTS for i in range(3)}:
                allowed.append(self.next_revision)
            if n == (3 * self.next_revision + 17) % DOCUMENTS:
                allowed.append(None)
            assert found.get(doc_id) in [texts(revision) for revision in allowed], doc_id
        self.revisions = {d: int(t[0].removeprefix("common revision")) for d, t in found.items()}


def texts(revision: int | None) -> list[str] | None:
    if revision is None:
        return None
    return [f"common revision{revision}"] * (1 + (revision + CHUNKS) % CHUNKS)


def live(database: Mapping[str, str], expected: Expected, acknowledgements: int, last: int) -> None:
    """Run until so many acknowledgements and a random moment later, then kill."""
    process = start(*RUN, expected.next_revision, last, variables=database)
    assert process.stdout is not None
    expected.check(json.loads(process.stdout.readline() or "{}").get("found", {}))
    for _ in range(acknowledgements):
        expected.note(json.loads(process.stdout.readline()))
    time.sleep(random.uniform(0, 0.05))
    process.kill()
    for line in process.communicate()[0].splitlines():
        expected.note(json.loads(line))


def test_a_killed_process_leaves_every_document_whole(database: Mapping[str, str]) -> None:
    expected = Expected()
    for _ in range(LIVES):
        live(database, expected, random.randint(0, 30), LAST)
    end = expected.next_revision + 2
    process = start(*RUN, expected.next_revision, end, variables=database)
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    found, *written = map(json.loads, out.splitlines())
    expected.check(found["found"])
    assert [line["revision"] for line in written if "revision" in line] == [
        expected.next_revision,
        expected.next_revision + 1,
    ]
