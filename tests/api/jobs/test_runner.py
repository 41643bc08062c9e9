"""Jobs run in order, can be cancelled, and outlive the server."""

from __future__ import annotations

import json
import time
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from api.jobs.errors import JobNotFoundError
from api.jobs.job import Job, JobState
from api.jobs.runner import JobRunner
from api.jobs.spool import Given, Spool
from api.jobs.table import JobTable
from api.refusals import OverloadedError
from indexers.parse.registry import format_named
from indexers.removal import delete_documents
from rag.errors import StoreError, StoreLockedError
from rag.service import Rag
from rag.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from rag.store.embedded import EmbeddedStore
    from tests.api.jobs.gated_encoder import GatedEncoder

MANY = 300  # documents of one chunk; more than two batches


def given(*names: str) -> Given:
    lines = "\n".join(json.dumps({"id": name, "text": f"Text {name}."}) for name in names)
    return Given("records.jsonl", format_named("jsonl"), BytesIO(lines.encode()))


def submit(runner: JobRunner, collection: str, *names: str) -> Job:
    return runner.submit(collection, [given(*names)], names)


def ended(runner: JobRunner, job: Job) -> Job:
    deadline = time.monotonic() + 60
    while not runner.get(job.id).is_finished:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return runner.get(job.id)


def reopened(runner: JobRunner, rag: Rag) -> JobRunner:
    runner.close()
    return JobRunner.open(rag)


def test_jobs_run_one_after_the_other_in_order(
    runner: JobRunner, gated: GatedEncoder, collection: str
) -> None:
    first, second = submit(runner, collection, "a"), submit(runner, collection, "b")
    assert gated.reached.wait(60)
    assert runner.get(first.id).state is JobState.RUNNING
    assert runner.get(second.id).state is JobState.QUEUED
    gated.gate.set()
    first, second = ended(runner, first), ended(runner, second)
    assert first.finished is not None
    assert second.started is not None
    assert first.finished <= second.started


def test_the_newest_jobs_come_first_and_the_running_one_tells_how_far_it_is(
    runner: JobRunner, gated: GatedEncoder, collection: str
) -> None:
    jobs = [submit(runner, collection, name) for name in "abc"]
    assert gated.reached.wait(60)
    page = runner.page(2, 2**63 - 1, {collection})
    assert [job.id for _, job in page] == [jobs[2].id, jobs[1].id]
    ((_, oldest),) = runner.page(2, page[-1][0], {collection})
    assert (oldest.id, oldest.state) == (jobs[0].id, JobState.RUNNING)
    assert runner.page(10, 2**63 - 1, {"another"}) == []


def test_a_waiting_job_is_cancelled_at_once(
    runner: JobRunner, gated: GatedEncoder, collection: str, own_store: EmbeddedStore
) -> None:
    running, waiting = submit(runner, collection, "a"), submit(runner, collection, "b")
    assert gated.reached.wait(60)
    assert runner.cancel(waiting.id).state is JobState.CANCELLED
    gated.gate.set()
    assert ended(runner, running).state is JobState.SUCCEEDED
    assert sorted(own_store.documents(collection)) == ["a"]


def test_a_running_job_stops_after_its_batch_and_what_is_written_stays(
    runner: JobRunner, gated: GatedEncoder, collection: str, own_store: EmbeddedStore
) -> None:
    job = submit(runner, collection, *(f"d{n}" for n in range(MANY)))
    assert gated.reached.wait(60)
    assert runner.cancel(job.id).state is JobState.RUNNING
    gated.gate.set()
    done = ended(runner, job)
    assert done.state is JobState.CANCELLED
    assert done.report is not None
    assert done.report.added == len(own_store.documents(collection)) < MANY


def test_documents_can_be_deleted_while_a_job_runs(
    runner: JobRunner, gated: GatedEncoder, collection: str, own_store: EmbeddedStore
) -> None:
    gated.gate.set()
    ended(runner, submit(runner, collection, "old", "older"))
    gated.gate.clear()
    gated.reached.clear()
    job = submit(runner, collection, "new")
    assert gated.reached.wait(60)
    delete_documents(own_store, collection, ["old"])
    gated.gate.set()
    assert ended(runner, job).state is JobState.SUCCEEDED
    assert sorted(own_store.documents(collection)) == ["new", "older"]


def test_a_finished_job_stays_as_it_is_when_it_is_cancelled(
    runner: JobRunner, gated: GatedEncoder, collection: str
) -> None:
    gated.gate.set()
    done = ended(runner, submit(runner, collection, "a"))
    assert runner.cancel(done.id) == done


def test_no_job_of_a_collection_runs_or_waits_once_all_are_cancelled(
    runner: JobRunner, gated: GatedEncoder, collection: str
) -> None:
    jobs = [submit(runner, collection, name) for name in "ab"]
    assert gated.reached.wait(60)
    gated.gate.set()
    runner.cancel_all(collection)
    assert all(runner.get(job.id).is_finished for job in jobs)


def test_a_job_whose_collection_is_gone_fails_and_does_not_make_it_anew(
    runner: JobRunner, own_store: EmbeddedStore, collection: str
) -> None:
    own_store.drop_collection(collection)
    failed = ended(runner, submit(runner, collection, "a"))
    assert failed.state is JobState.FAILED
    assert "There is no collection" in failed.errors[0].detail
    assert collection not in [info.spec.name for info in own_store.collections()]


def test_what_nobody_foresaw_fails_the_job_without_internals(
    runner: JobRunner, gated: GatedEncoder, collection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_texts: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(gated, "encode_documents", fail)
    failed = ended(runner, submit(runner, collection, "a"))
    assert failed.state is JobState.FAILED
    assert "secret" not in failed.model_dump_json()


def test_a_server_that_stops_goes_on_with_the_job_when_it_starts(
    rag: Rag, gated: GatedEncoder, collection: str, own_store: EmbeddedStore
) -> None:
    runner = JobRunner.open(rag)
    job = submit(runner, collection, *(f"d{n}" for n in range(MANY)))
    assert gated.reached.wait(60)
    gated.gate.set()
    again = reopened(runner, rag)
    done = ended(again, job)
    again.close()
    assert (done.state, done.errors) == (JobState.SUCCEEDED, [])
    assert len(own_store.documents(collection)) == MANY


def test_a_killed_server_has_left_a_running_job_that_is_run_again(
    rag: Rag, gated: GatedEncoder, collection: str, own_store: EmbeddedStore
) -> None:
    job = left_by_a_kill(rag, collection, JobState.RUNNING)
    gated.gate.set()
    runner = JobRunner.open(rag)
    assert ended(runner, job).state is JobState.SUCCEEDED
    runner.close()
    assert sorted(own_store.documents(collection)) == ["a"]


def test_a_cancelled_job_is_not_run_again_after_a_kill(rag: Rag, collection: str) -> None:
    job = left_by_a_kill(rag, collection, JobState.RUNNING)
    table = JobTable(rag.store.state_dir)
    table.note_cancel(job.id)
    table.close()
    runner = JobRunner.open(rag)
    assert runner.get(job.id).state is JobState.CANCELLED
    runner.close()


def left_by_a_kill(rag: Rag, collection: str, state: JobState) -> Job:
    """What lies in the folder of a server that was killed with a job in that state."""
    job = Job.new(collection, 1)
    Spool(rag.store.state_dir / "uploads").keep(job.id, [given("a")], ["a"])
    table = JobTable(rag.store.state_dir)
    table.add(job)
    table.save(job.to(state))
    table.close()
    return job


def test_the_spool_holds_only_what_waits_or_runs(
    rag: Rag, gated: GatedEncoder, collection: str
) -> None:
    uploads = rag.store.state_dir / "uploads"
    Spool(uploads).keep("0" * 32, [given("never noted as a job")])
    gated.gate.set()
    runner = JobRunner.open(rag)
    ended(runner, submit(runner, collection, "a"))
    runner.close()
    assert list(uploads.iterdir()) == []


def test_a_job_that_cannot_be_kept_is_refused_and_leaves_nothing(
    runner: JobRunner, collection: str, monkeypatch: pytest.MonkeyPatch, rag: Rag
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.jobs.spool.os.fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        submit(runner, collection, "a")
    assert list((rag.store.state_dir / "uploads").iterdir()) == []
    assert runner.page(10, 2**63 - 1, {collection}) == []


def test_more_jobs_than_may_wait_are_told_to_come_again(
    own_store: EmbeddedStore, gated: GatedEncoder, collection: str
) -> None:
    few = Settings(server=ServerSettings(most_jobs=1, kept_jobs=1))
    runner = JobRunner.open(Rag(few, own_store, gated))
    running = submit(runner, collection, "a")
    assert gated.reached.wait(60)
    waiting = submit(runner, collection, "b")
    with pytest.raises(OverloadedError):
        submit(runner, collection, "c")
    gated.gate.set()
    ended(runner, waiting)
    with pytest.raises(JobNotFoundError):  # of the finished ones, one is remembered
        runner.get(running.id)
    runner.close()


@pytest.mark.usefixtures("runner")
def test_only_one_server_runs_the_jobs_of_a_database(rag: Rag) -> None:
    with pytest.raises(StoreLockedError, match="Another server"):
        JobRunner.open(rag)
