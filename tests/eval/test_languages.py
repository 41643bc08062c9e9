"""The full-text leg by language: every language of the world's scripts is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.data.formats import read_files
from eval.languages import measure, table
from rag.settings import ChunkSettings, Settings
from rag.types import Unit
from tests.eval.collection import write_jsonl, write_qrels

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.embedded import EmbeddedStore

DOCUMENTS = {
    "de-1": "Der Fluss fließt durch die Häuser der alten Stadt. Brücken führen hinüber.",
    "de-2": "Auf dem Gipfel liegt das ganze Jahr Schnee. Bergsteiger warten auf Sonne.",
    "ja-1": "東京は日本の首都です。人口は約千四百万人です。",
    "ja-2": "富士山は日本で一番高い山です。冬には雪が積もります。",
    "ko-1": "서울은 대한민국의 수도이다. 한강이 도시를 가로지른다.",
    "ko-2": "한라산은 제주도에 있다. 겨울에는 눈이 내린다.",
}
QUESTIONS = [
    ("q1", "Welche Brücke führt über den Fluß?", "de", "de-1"),
    ("q2", "Wo wartet ein Bergsteiger?", "de", "de-2"),
    ("q3", "日本の首都の人口は？", "ja", "ja-1"),
    ("q4", "一番高い山はどこ？", "ja", "ja-2"),
    ("q5", "대한민국 수도는?", "ko", "ko-1"),
    ("q6", "한라산은 어디에 있나?", "", "ko-2"),
]
SETTINGS = Settings(chunk=ChunkSettings(size=16, overlap=0))


def write(folder: Path) -> tuple[Path, Path, Path]:
    corpus = [{"docid": id_, "text": text} for id_, text in DOCUMENTS.items()]
    queries = [{"query_id": q, "query": text, "lang": lang} for q, text, lang, _ in QUESTIONS]
    return (
        write_jsonl(folder / "corpus.jsonl", corpus),
        write_jsonl(folder / "queries.jsonl", queries),
        write_qrels(folder / "qrels.tsv", [(q, doc_id, 1) for q, _, _, doc_id in QUESTIONS]),
    )


def test_each_language_is_scored_with_documents_whole_and_as_chunks(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    report = measure(store, read_files(*write(tmp_path)), SETTINGS)
    assert report.questions == {"de": 2, "ja": 2, "ko": 1, "unknown": 1}
    assert report.units[Unit.DOCUMENT].rows == len(DOCUMENTS) < report.units[Unit.CHUNK].rows
    for unit in Unit:
        assert report.units[unit].ndcg10 == dict.fromkeys(report.questions, 1.0)
        assert report.units[unit].lowest == 1.0
    assert "| ko | 1 | 1.0000 | 1.0000 |" in table(report)
