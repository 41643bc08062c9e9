"""A collection's spec as JSON, for the catalog."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from rag.encoders.base import EncoderInfo, ModelInfo
from rag.store.base import CollectionSpec, FieldType
from rag.types import Layout, TensorStorage, Unit

FIRST_WORDS = 1  # of collections that do not say it
SPECS_CACHED = 64  # every search reads that of its collection


def dump_spec(spec: CollectionSpec) -> str:
    """The spec as text; fields keep their order, which numbers their columns."""
    return json.dumps(
        {
            "name": spec.name,
            "fields": [[name, kind.value] for name, kind in spec.fields.items()],
            "encoder": _encoder_values(spec.encoder),
            "layout": asdict(spec.layout),
            "words": spec.words,
        }
    )


@lru_cache(SPECS_CACHED)
def load_spec(text: str) -> CollectionSpec:
    """The inverse of `dump_spec`; what is not named is of a time that had only one of it."""
    spec = json.loads(text)
    encoder = spec["encoder"]
    models = tuple(ModelInfo(**model) for model in encoder.pop("models"))
    return CollectionSpec(
        name=spec["name"],
        encoder=EncoderInfo(models=models, **encoder),
        fields={name: FieldType(kind) for name, kind in spec["fields"]},
        layout=_layout(**spec["layout"]) if "layout" in spec else Layout(),
        words=spec.get("words", FIRST_WORDS),
    )


def _encoder_values(encoder: EncoderInfo) -> dict[str, Any]:
    """All that tells one encoder from another; what it reads is known of the one in use."""
    values = asdict(encoder)
    del values["scripts"]
    return values


def _layout(unit: str, tensor_storage: str, token_pooling: int) -> Layout:
    return Layout(Unit(unit), TensorStorage(tensor_storage), token_pooling)
