"""Workers on a real, local Ray: the same rows as on one machine, whatever happens to workers."""

from __future__ import annotations

import json
import zipfile
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest

from indexers.interrupt import Interrupt
from indexers.options import IndexOptions
from indexers.pipeline import index_paths, index_sources
from indexers.sources import find_sources
from rag.errors import FailureError, SettingsError, WeightsError
from rag.settings import EncoderSettings, RaySettings, Settings
from tests.indexers.distributed.fatal_encoder import BrokenEncoder, DoomedEncoder, FatalEncoder
from tests.indexers.distributed.kept_rows import KeepingTarget, assert_same_rows
from tests.indexers.indexer import counts
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from indexers.engines.base import Engine
    from indexers.report import IndexReport
    from rag.encoders.base import Encoder

pytest.importorskip("ray", reason="Ray is not installed: pip install 'trident-rag[ray]'")
pytestmark = [pytest.mark.xdist_group("ray"), pytest.mark.slow]

DOCUMENTS = 40
AS_THE_FIXTURE = EncoderSettings(offline=True, runtime="torch", device="cpu")


@pytest.fixture(scope="module", autouse=True)
def _one_ray() -> Iterator[None]:
    from indexers.distributed.cluster import connection

    with connection(RaySettings(workers=2)):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files that are read one by one and together, good and bad."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(DOCUMENTS):
        (folder / f"{number:02}.txt").write_text(f"Text number {number} of many.\n\n" * 20)
    (folder / "a.md").write_text("# Bees\n\n## The hive\n\nQueens and drones.\n")
    (folder / "b.pdf").write_bytes(b"no PDF")
    (folder / "c.html").write_text("<h1>Ants</h1><p>They carry more than they weigh.</p>")
    records = [{"id": f"r{n}", "text": f"Record {n} has a text."} for n in range(100)]
    (folder / "d.jsonl").write_text("\n".join([*map(json.dumps, records), "{broken"]))
    with zipfile.ZipFile(folder / "e.zip", "w") as archive:
        archive.writestr("inner/f.txt", "A member of an archive.")
    return folder


@contextmanager
def engine(
    encoder: Encoder, make: Callable[[], Encoder] | None = None, **ray: object
) -> Iterator[Engine]:
    from indexers.distributed.open import open_ray_engine

    given = RaySettings(**{"workers": 2, **ray})  # type: ignore[arg-type]  # any of its fields
    settings = Settings(ray=given, encoder=AS_THE_FIXTURE)
    with open_ray_engine(settings, encoder, make) as opened:
        yield opened


def index(
    folder: Path,
    target: KeepingTarget,
    engine: Engine | None = None,
    encoder: Encoder | None = None,
    **choices: object,
) -> IndexReport:
    options = IndexOptions(relative_to=folder, **choices)  # type: ignore[arg-type]  # any choice
    given = encoder or TinyEncoder()
    return index_paths([folder], "c", target, given, options=options, engine=engine)


def test_two_workers_write_the_rows_that_one_machine_writes(
    folder: Path, tmp_path: Path, encoder: Encoder
) -> None:
    alone, together = KeepingTarget(tmp_path / "alone"), KeepingTarget(tmp_path / "together")
    expected = index(folder, alone, encoder=encoder)
    with engine(encoder) as two:
        report = index(folder, together, two, encoder)
    assert_same_rows(together, alone)
    assert report.skipped == expected.skipped
    assert counts(report) == counts(expected) == (DOCUMENTS + 103, 0, 0, 0)
    assert report.forward_seconds > 0


def test_a_second_run_reads_and_cuts_only_what_changed_and_prunes_what_is_gone(
    folder: Path, tmp_path: Path
) -> None:
    target = KeepingTarget(tmp_path / "state")
    (folder / "b.pdf").unlink()
    (folder / "d.jsonl").write_text('{"id": "r1", "text": "One."}\n{"id": "r2", "text": "Two."}\n')
    with engine(TinyEncoder(), TinyEncoder) as two:
        assert counts(index(folder, target, two)) == (DOCUMENTS + 5, 0, 0, 0)
        target.rows.clear()
        (folder / "a.md").unlink()
        (folder / "d.jsonl").write_text(
            '{"id": "r1", "text": "One."}\n{"id": "r2", "text": "2."}\n'
        )
        report = index(folder, target, two, prune=True)
    assert counts(report) == (0, 1, DOCUMENTS + 3, 1)
    assert {row.chunk.doc_id for row in target.rows.values()} == {"r2"}


def test_files_travel_to_workers_that_do_not_share_a_folder(folder: Path, tmp_path: Path) -> None:
    alone, afar = KeepingTarget(tmp_path / "alone"), KeepingTarget(tmp_path / "afar")
    expected = index(folder, alone)
    with engine(TinyEncoder(), TinyEncoder, address="auto") as two:
        report = index(folder, afar, two)
    assert_same_rows(afar, alone)
    assert report.skipped == expected.skipped


@pytest.mark.parametrize("counting", [True, False], ids=["while it reads", "while it encodes"])
def test_what_a_killed_worker_had_is_done_again_once_and_written_once(
    folder: Path, tmp_path: Path, counting: bool
) -> None:
    alone, together = KeepingTarget(tmp_path / "alone"), KeepingTarget(tmp_path / "together")
    expected = index(folder, alone)
    log = tmp_path / "met"
    make = partial(FatalEncoder, log, "number 17 of", counting)
    with engine(TinyEncoder(), make) as two:
        report = index(folder, together, two)
    assert len(set(log.read_text().split())) == 2  # the one that was killed, and who took over
    assert_same_rows(together, alone)
    assert counts(report) == counts(expected)


def test_work_that_kills_every_worker_ends_the_run_with_a_sentence(
    folder: Path, tmp_path: Path
) -> None:
    with (
        engine(TinyEncoder(), DoomedEncoder, retries=1) as two,
        pytest.raises(FailureError, match="A Ray worker was lost"),
    ):
        index(folder, KeepingTarget(tmp_path / "state"), two)


def test_an_error_of_a_worker_is_that_of_the_run(folder: Path, tmp_path: Path) -> None:
    with (
        engine(TinyEncoder(), partial(BrokenEncoder, ours=True)) as two,
        pytest.raises(WeightsError, match=r"^The weights are gone; get them again\.$"),
    ):
        index(folder, KeepingTarget(tmp_path / "one"), two)
    with (
        engine(TinyEncoder(), partial(BrokenEncoder, ours=False)) as two,
        pytest.raises(FailureError, match="A Ray worker failed: OSError: x"),
    ):
        index(folder, KeepingTarget(tmp_path / "other"), two)


def test_an_interrupted_run_ends_soon_and_the_next_one_does_the_rest(
    folder: Path, tmp_path: Path
) -> None:
    interrupt = Interrupt()
    target = KeepingTarget(tmp_path / "state", lambda _: setattr(interrupt, "requested", True))
    options = IndexOptions(relative_to=folder, batch_chunks=4)
    sources = find_sources([folder])
    with engine(TinyEncoder(), TinyEncoder, workers=1) as one:
        report = index_sources(
            sources, "c", target, TinyEncoder(), options=options, interrupt=interrupt, engine=one
        )
    assert report.interrupted
    done = len(target.documents("c"))
    assert report.added == done < DOCUMENTS
    assert counts(index(folder, target))[0] == DOCUMENTS + 103 - done


def test_workers_with_other_models_are_refused() -> None:
    with (
        pytest.raises(SettingsError, match=r"A Ray worker has the models .*other@0000"),
        engine(TinyEncoder(), partial(TinyEncoder, "other")),
    ):
        pass


def test_more_workers_than_fit_are_refused_in_a_sentence() -> None:
    with (
        pytest.raises(FailureError, match="Only 0 of 1 Ray workers were ready"),
        engine(TinyEncoder(), TinyEncoder, workers=1, cpus=64.0, start_timeout=1.0),
    ):
        pass
