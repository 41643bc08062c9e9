"""Encoding a corpus for all three columns, against plain sentence-transformers."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.bench.encode_sides import BASELINE, SIDES, TRIDENT
from eval.bench.encode_worker import Sample, Spec, run_in_process
from eval.progress import silent
from eval.stats import Environment, environment
from indexers.chunk import chunk_document
from indexers.demo import write_demo_corpus
from indexers.parse.markdown import parse_markdown
from rag.encoders.embed_text import embed_text
from rag.types import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eval.progress import StepProgress
    from rag.encoders.base import Encoder
    from rag.settings import Settings
    from rag.types import Chunk

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Side:
    """One side's best pass; `peak_mib` is all of its process, with libraries and models."""

    seconds: float
    documents_per_second: float
    tokens_per_second: float
    load_seconds: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class EncodeBench:
    """Both sides on the same texts; `speedup` is the ratio of their rates.

    `tokens` are those of our dense model, special tokens included.
    """

    environment: Environment
    encoder: str
    documents: int
    tokens: int
    sides: Mapping[str, Side]
    speedup: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(
    settings: Settings,
    *,
    documents: int = 400,
    turns: int = 2,
    passes: int = 2,
    progress: StepProgress = silent,
) -> EncodeBench:
    """Encode evenly spread chunks of the demo corpus; the sides take turns.

    Raises: WeightsError, SettingsError, FailureError when a side's process dies.
    """
    from rag.encoders.loading import load_encoder

    encoder = load_encoder(settings.encoder)
    texts = _spread(demo_texts(encoder, settings), documents)
    tokens = sum(encoding.token_count for encoding in encoder.encode_documents(texts))
    plain = settings.encoder.model_dump(mode="json")
    specs = {name: Spec(name, tuple(texts), passes, plain) for name in SIDES}
    samples: dict[str, list[Sample]] = {name: [] for name in SIDES}
    for turn in range(turns):
        for name, spec in specs.items():
            progress(name, turn, turns)
            samples[name].append(run_in_process(spec))
            progress(name, turn + 1, turns)
    sides = {name: _side(found, len(texts), tokens) for name, found in samples.items()}
    return EncodeBench(
        environment=environment(),
        encoder=encoder.info.identity,
        documents=len(texts),
        tokens=tokens,
        sides=sides,
        speedup=sides[BASELINE].seconds / sides[TRIDENT].seconds,
    )


def demo_texts(encoder: Encoder, settings: Settings) -> list[str]:
    """The texts that indexing the demo corpus encodes."""
    count, limit = encoder.count_tokens, encoder.info.max_tokens
    return [embed_text(chunk, count, limit) for chunk in _chunks(encoder, settings)]


def _chunks(encoder: Encoder, settings: Settings) -> Iterator[Chunk]:
    with tempfile.TemporaryDirectory(prefix="trident-bench-") as folder:
        for file in write_demo_corpus(Path(folder)):
            for parsed in parse_markdown(file):
                document = Document(id=file.name, text=parsed.text, title=parsed.title)
                yield from chunk_document(
                    document, "bench", encoder.count_tokens, settings.chunk, parsed.sections
                )


def _spread(texts: Sequence[str], wanted: int) -> list[str]:
    return list(texts[:: max(1, len(texts) // wanted)][:wanted])


def _side(samples: Sequence[Sample], documents: int, tokens: int) -> Side:
    seconds = min(seconds for sample in samples for seconds in sample.pass_seconds)
    return Side(
        seconds=seconds,
        documents_per_second=documents / seconds,
        tokens_per_second=tokens / seconds,
        load_seconds=min(sample.load_seconds for sample in samples),
        peak_mib=max(sample.peak_bytes for sample in samples) / MIB,
    )
