"""The search benchmark times every stage with queries that find what they should."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from eval import bench_search
from eval.bench_search import FUSION, QUESTIONS, RERANK, STAGES
from eval.synthetic_collection import collection_name
from rag.settings import SearchSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

ROWS, SEARCHES = 40, 4


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def bench(
    store: EmbeddedStore, encoder: Encoder, steps: list[tuple[str, int, int]]
) -> Iterator[bench_search.SearchBench]:
    yield bench_search.measure(
        store,
        encoder,
        SearchSettings(),
        rows=ROWS,
        searches=SEARCHES,
        progress=lambda *step: steps.append(step),
    )
    store.drop_collection(collection_name(ROWS, encoder.info))


def test_every_leg_their_fusion_and_the_rerank_are_timed(bench: bench_search.SearchBench) -> None:
    assert list(bench.stages_ms) == ["dense", "sparse", "fulltext", FUSION, RERANK]
    assert {timing.calls for timing in bench.stages_ms.values()} == {SEARCHES}


def test_ratios_are_against_the_fusion_of_the_same_run(bench: bench_search.SearchBench) -> None:
    fusion = bench.stages_ms[FUSION].p50
    assert bench.ratio_to_fusion[FUSION] == 1.0
    for stage, ratio in bench.ratio_to_fusion.items():
        assert ratio == pytest.approx(bench.stages_ms[stage].p50 / fusion)


def test_the_share_outside_the_engine_is_a_share(bench: bench_search.SearchBench) -> None:
    assert 0 <= bench.outside_engine_share < 1
    assert bench.engine_ms.calls == SEARCHES
    assert bench.engine_ms.min > 0


def test_encoding_real_questions_is_timed_beside_it(
    bench: bench_search.SearchBench, encoder: Encoder
) -> None:
    assert bench.encode_question_ms.calls == SEARCHES
    assert bench.encoder == encoder.info.identity
    assert len(set(QUESTIONS)) == len(QUESTIONS)


def test_every_stage_reports_its_progress_to_the_end(
    bench: bench_search.SearchBench, steps: list[tuple[str, int, int]]
) -> None:
    ends = {step: (done, total) for step, done, total in steps}
    assert ends == {
        "insert": (ROWS, ROWS),
        "search": (SEARCHES, SEARCHES),
        "encode": (SEARCHES, SEARCHES),
    }


def test_the_result_is_plain_json(bench: bench_search.SearchBench) -> None:
    plain = json.loads(json.dumps(bench.to_dict()))
    assert plain["rows"] == ROWS
    assert plain["candidates"] == SearchSettings().candidates


@pytest.mark.parametrize("stage", STAGES)
def test_synthetic_questions_find_rows_in_every_stage(
    bench: bench_search.SearchBench, store: EmbeddedStore, encoder: Encoder, stage: str
) -> None:
    query = bench_search.synthetic_query(encoder.info, 0, stage, SearchSettings())
    assert store.search(collection_name(ROWS, encoder.info), query)
