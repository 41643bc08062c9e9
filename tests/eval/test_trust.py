"""Why the figures can be believed: by hand, by another scorer, and by what must go wrong."""

from __future__ import annotations

import random
from math import log2
from typing import TYPE_CHECKING

import pytest
import pytrec_eval

from eval.data.trec import read_run, write_qrels, write_ranking
from eval.metrics import evaluate, means

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = [f"d{number}" for number in range(60)]
QRELS = {f"q{n}": {DOCUMENTS[n]: 1, DOCUMENTS[n + 20]: 2} for n in range(20)}
# Each question's documents, the relevant ones at ranks 1 and 3.
RUN = {
    query_id: [best, "other", second, *(d for d in DOCUMENTS if d not in judged)]
    for query_id, judged in QRELS.items()
    for second, best in [judged]
}


def written(path: Path, run: dict[str, list[str]]) -> Path:
    with path.open("w") as file:
        for query_id, documents in run.items():
            ranking = [(doc_id, 1.0 / rank) for rank, doc_id in enumerate(documents, 1)]
            write_ranking(file, query_id, ranking, "tag")
    return path


def test_ndcg_by_hand_is_that_of_the_library(tmp_path: Path) -> None:
    values = evaluate(QRELS, read_run(written(tmp_path / "a.trec", RUN)))["nDCG@10"]
    by_hand = (2 / log2(2) + 1 / log2(4)) / (2 / log2(2) + 1 / log2(3))
    assert values == pytest.approx(dict.fromkeys(QRELS, by_hand))


def test_a_shuffled_run_scores_lower_on_every_measure(tmp_path: Path) -> None:
    luck = random.Random(7)
    shuffled = {q: luck.sample(documents, len(documents)) for q, documents in RUN.items()}
    good = means(evaluate(QRELS, read_run(written(tmp_path / "a.trec", RUN))))
    bad = means(evaluate(QRELS, read_run(written(tmp_path / "b.trec", shuffled))))
    assert bad["nDCG@10"] < 0.5 * good["nDCG@10"]
    assert bad["recall@10"] < 0.5 * good["recall@10"]
    assert bad["MRR@10"] < 0.5 * good["MRR@10"]


def test_answers_given_to_other_questions_score_nothing(tmp_path: Path) -> None:
    asked = list(RUN)
    moved = dict(zip(asked, [RUN[q][:3] for q in (*asked[1:], asked[0])], strict=True))
    scored = means(evaluate(QRELS, read_run(written(tmp_path / "a.trec", moved))))
    assert scored["nDCG@10"] == scored["recall@100"] == 0


def test_trec_eval_reads_the_files_and_says_the_same(tmp_path: Path) -> None:
    run = written(tmp_path / "a.trec", RUN)
    with (tmp_path / "qrels.trec").open("w") as file:
        write_qrels(file, QRELS)
    assert trec_eval(tmp_path / "qrels.trec", run) == pytest.approx(
        means(evaluate(QRELS, read_run(run)))["nDCG@10"], abs=1e-12
    )


def trec_eval(qrels: Path, run: Path) -> float:
    """The mean nDCG@10 by trec_eval's own code and readers."""
    with qrels.open() as file:
        evaluator = pytrec_eval.RelevanceEvaluator(pytrec_eval.parse_qrel(file), {"ndcg_cut.10"})
    with run.open() as file:
        found = evaluator.evaluate(pytrec_eval.parse_run(file))
    return sum(values["ndcg_cut_10"] for values in found.values()) / len(found)
