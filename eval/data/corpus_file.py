"""The documents of an evaluation in one JSONL file that the indexer reads."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from eval.data.records import broken
from eval.files import read_json, write_json, writing
from eval.progress import silent
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eval.data.datasets import CorpusDocument, Dataset
    from eval.data.selection import Selection
    from eval.progress import StepProgress
    from eval.sweep.workspace import Workspace

NO_TEXT = re.compile(r"[\0\ud800-\udfff]")  # valid JSON, but no characters of a text
TELL_EVERY = 1000


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """How many documents it has; `sha256` is that of documents, questions and judgements."""

    documents: int
    sha256: str


def provide_corpus(
    dataset: Dataset, selection: Selection, workspace: Workspace, progress: StepProgress = silent
) -> CorpusFile:
    """Write the selected documents, unless they are there already.

    Under a limit of documents they are those that the questions need and the first others.
    Raises: SourceError for a broken line, an id that comes twice, or a judged document that
    is not in the corpus; InputError when the folder holds other data.
    """
    receipt = workspace.root / "corpus.json"
    origin = _origin(dataset, selection)
    there = read_json(receipt)
    if there and there["origin"] == origin and workspace.corpus.exists():
        return CorpusFile(**there["corpus"])
    with writing(workspace.corpus) as file:
        digest, documents = hashlib.sha256(_questions_bytes(selection)), 0
        for document in _selected(dataset, selection, progress):
            line = _line(document)
            digest.update(line.encode())
            file.write(line)
            documents += 1
        corpus = CorpusFile(documents, digest.hexdigest())
        _refuse_other(there, corpus, workspace)
    write_json(receipt, {"origin": origin, "corpus": asdict(corpus)})
    return corpus


def _selected(
    dataset: Dataset, selection: Selection, progress: StepProgress
) -> Iterator[CorpusDocument]:
    limit, missing = selection.limits.docs, dict(selection.required)
    others = None if limit is None else limit - len(missing)
    for number, document in enumerate(dataset.documents(), 1):
        if number % TELL_EVERY == 0:
            progress("read corpus", number, number)
        if missing.pop(document.id, None) is None and others is not None:
            if others == 0:
                continue
            others -= 1
        yield document
        if others == 0 and not missing:
            return
    if missing:
        stray = next(iter(missing.values()))
        raise broken(stray.where, f"judges the document {stray.doc_id}, which is not in the corpus")


def _line(document: CorpusDocument) -> str:
    fields = {
        "docid": document.id,
        "title": NO_TEXT.sub(" ", document.title),
        "text": NO_TEXT.sub(" ", document.text),
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _questions_bytes(selection: Selection) -> bytes:
    asked = [(question.id, question.text) for question in selection.questions]
    return json.dumps([asked, selection.qrels], sort_keys=True).encode()


def _origin(dataset: Dataset, selection: Selection) -> dict[str, Any]:
    """Changes when the file would be another, as far as can be told without reading it."""
    return {
        "files": [_state(path) for path in dataset.corpus],
        "limits": asdict(selection.limits),
        "questions": hashlib.sha256(_questions_bytes(selection)).hexdigest(),
    }


def _state(path: Path) -> dict[str, Any]:
    stat = path.stat() if path.exists() else None
    return {
        "path": str(path.resolve()),
        "size": stat.st_size if stat else 0,
        "modified": stat.st_mtime_ns if stat else 0,
    }


def _refuse_other(there: Any, corpus: CorpusFile, workspace: Workspace) -> None:
    if there and there["corpus"]["sha256"] != corpus.sha256:
        raise InputError(
            f"{workspace.root} holds an evaluation of other documents, questions or limits; "
            "choose another folder."
        )
