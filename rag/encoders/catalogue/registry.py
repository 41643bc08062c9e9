"""Presets: which models fill which columns, as data, and the one way to load them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.encoders.catalogue.model import Part
from rag.encoders.catalogue.models import (
    ANSWERAI_COLBERT_SMALL,
    BGE_M3,
    COLBERT_V2,
    JINA_COLBERT_V1,
    JINA_COLBERT_V2,
    MINILM,
    MINILM_HEADS,
    SPLADE_TINY,
)
from rag.encoders.columns import Column
from rag.errors import SettingsError

if TYPE_CHECKING:
    from rag.encoders.catalogue.model import Model


@dataclass(frozen=True, slots=True)
class Preset:
    """Models that together fill every column. Tokens are counted by the first."""

    name: str
    about: str
    parts: tuple[Part, ...]


DENSE, SPARSE, TOKENS = Column.DENSE, Column.SPARSE, Column.TOKENS
ALL = (DENSE, SPARSE, TOKENS)
# 1,536 held-out SQuAD paragraphs, 400 questions, nDCG@10 of the sparse leg: all terms .851,
# 128 of a passage and 16 of a question .851.
SPLADE_TINY_TERMS = Part(SPLADE_TINY, (SPARSE,), max_terms=128, max_question_terms=16)
# ALiBi's biases take heads x t x t floats: 200 MB here, 3 GB at the model's own 8,192.
ALIBI_TOKENS = 2048

PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "minilm",
            "MiniLM with Trident's own heads for everything in one pass",
            parts=(Part(MINILM_HEADS, ALL, max_terms=128),),
        ),
        Preset(
            "minilm-splade",
            "plain MiniLM for dense and token vectors, SPLADE-tiny for terms",
            parts=(Part(MINILM, (DENSE, TOKENS)), SPLADE_TINY_TERMS),
        ),
        Preset("bge-m3", "BGE-M3 for everything in one pass", parts=(Part(BGE_M3, ALL),)),
        Preset(
            "bge-m3+jina-colbert",
            "BGE-M3 for dense vectors and terms, Jina-ColBERT v2 for token vectors",
            parts=(Part(BGE_M3, (DENSE, SPARSE)), Part(JINA_COLBERT_V2, (TOKENS,))),
        ),
        Preset(
            "bge-m3+jina-colbert-v1",
            "BGE-M3 for dense vectors and terms, Jina-ColBERT v1 (English) for token vectors",
            parts=(
                Part(BGE_M3, (DENSE, SPARSE)),
                Part(JINA_COLBERT_V1, (TOKENS,), max_tokens=ALIBI_TOKENS),
            ),
        ),
        Preset(
            "colbertv2",
            "MiniLM for dense vectors, SPLADE-tiny for terms, ColBERTv2 for token vectors",
            parts=(Part(MINILM, (DENSE,)), SPLADE_TINY_TERMS, Part(COLBERT_V2, (TOKENS,))),
        ),
        Preset(
            "answerai-colbert-small",
            "MiniLM for dense vectors, SPLADE-tiny for terms, answerai-colbert-small for tokens",
            parts=(
                Part(MINILM, (DENSE,)),
                SPLADE_TINY_TERMS,
                Part(ANSWERAI_COLBERT_SMALL, (TOKENS,)),
            ),
        ),
    )
}


def find_preset(name: str) -> Preset:
    """A preset by name. Raises: SettingsError that names the known ones."""
    if name not in PRESETS:
        raise SettingsError(
            f"encoder.preset is {name!r}, which is not known; choose one of {', '.join(PRESETS)}."
        )
    return PRESETS[name]


def with_models(preset: Preset, chosen: dict[Column, Model]) -> Preset:
    """The preset with some columns from other models; one that fills several runs once."""
    kept = (_without(part, chosen) for part in preset.parts)
    models = {model.key: model for model in chosen.values()}
    added = (
        Part(model, tuple(column for column, each in chosen.items() if each == model))
        for model in models.values()
    )
    parts = tuple(part for part in (*kept, *added) if part.columns)
    name = " ".join([preset.name, *(f"{column}={m.key}" for column, m in chosen.items())])
    return Preset(name, preset.about, parts)


def _without(part: Part, chosen: dict[Column, Model]) -> Part:
    return replace(part, columns=tuple(c for c in part.columns if c not in chosen))
