"""Small test collections, written to disk as people have them."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.corpus import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

QUESTIONS = {
    "q-bees": ("How do bees tell where flowers are?", "bees"),
    "q-volcano": ("Which volcano is the most active in Europe?", "volcano"),
    "q-bread": ("What makes bread rise without baker's yeast?", "sourdough"),
    "q-raii": ("When does a destructor run?", "c++"),
    "q-tides": ("What pulls the sea up the beach?", "moon"),
    "q-king": ("May a checked king castle?", "chess"),
}


def write_jsonl(path: Path, records: Iterable[Any]) -> Path:
    """Each record on a line; strings are lines as they are, perhaps broken ones."""
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
    data = ("\n".join(lines) + "\n").encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_qrels(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    return path


def write_beir(folder: Path) -> tuple[Path, Path, Path]:
    """`tests.corpus.TEXTS` with one relevant document a question."""
    corpus = [{"_id": doc_id, "title": "", "text": text} for doc_id, text in TEXTS.items()]
    queries = [{"_id": query_id, "text": text} for query_id, (text, _) in QUESTIONS.items()]
    qrels = [(query_id, doc_id, 1) for query_id, (_, doc_id) in QUESTIONS.items()]
    return (
        write_jsonl(folder / "corpus.jsonl", corpus),
        write_jsonl(folder / "queries.jsonl", queries),
        write_qrels(folder / "qrels.tsv", [("query-id", "corpus-id", "score"), *qrels]),
    )


def write_mldr(folder: Path, language: str) -> Path:
    """The same in the layout of MLDR."""
    name = f"mldr-v1.0-{language}"
    corpus = [{"docid": doc_id, "text": text} for doc_id, text in TEXTS.items()]
    queries = [
        {
            "query_id": query_id,
            "query": text,
            "positive_passages": [{"docid": doc_id, "text": TEXTS[doc_id]}],
            "negative_passages": [],
        }
        for query_id, (text, doc_id) in QUESTIONS.items()
    ]
    qrels = [(query_id, "Q0", doc_id, 1) for query_id, (_, doc_id) in QUESTIONS.items()]
    write_jsonl(folder / name / "corpus.jsonl.gz", corpus)
    for split in ("train", "dev", "test"):
        write_jsonl(folder / name / f"{split}.jsonl.gz", queries)
    for split in ("dev", "test"):
        write_qrels(folder / "qrels" / f"qrels.{name}-{split}.tsv", qrels)
    return folder


def write_parquet(path: Path, records: Sequence[Mapping[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(records)), path, row_group_size=100)
    return path


def write_mteb(folder: Path, language: str, shards: int = 2) -> Path:
    """The same in the layout of MTEB's mirror, the corpus in shards."""
    corpus = [{"id": doc_id, "title": "", "text": text} for doc_id, text in TEXTS.items()]
    queries = [{"id": query_id, "text": text} for query_id, (text, _) in QUESTIONS.items()]
    qrels = [
        {"query-id": query_id, "corpus-id": doc_id, "score": 1.0}
        for query_id, (_, doc_id) in QUESTIONS.items()
    ]
    per_shard = -(-len(corpus) // shards)
    for split in ("train", "dev", "test"):
        for shard in range(shards):
            name = f"{split}-{shard:05}-of-{shards:05}.parquet"
            part = corpus[shard * per_shard : (shard + 1) * per_shard]
            write_parquet(folder / f"{language}-corpus" / name, part)
        only = f"{split}-00000-of-00001.parquet"
        write_parquet(folder / f"{language}-queries" / only, queries)
        write_parquet(folder / f"{language}-qrels" / only, qrels)
    return folder
