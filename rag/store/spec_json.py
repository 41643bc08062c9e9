"""A collection's spec as JSON, for the catalog."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache

from rag.encoders.base import EncoderInfo
from rag.store.base import CollectionSpec, FieldType
from rag.types import ChunkContext, Layout, TensorStorage, Unit

# Of collections that do not say it.
FIRST_WORDS = 1
FIRST_CONTEXT = "title+section"
SPECS_CACHED = 64  # every search reads that of its collection


def dump_spec(spec: CollectionSpec) -> str:
    """The spec as text; fields keep their order, which numbers their columns."""
    return json.dumps(
        {
            "name": spec.name,
            "fields": [[name, kind.value] for name, kind in spec.fields.items()],
            "encoder": spec.encoder.to_dict(),
            "layout": asdict(spec.layout),
            "words": spec.words,
        }
    )


@lru_cache(SPECS_CACHED)
def load_spec(text: str) -> CollectionSpec:
    """The inverse of `dump_spec`; what is not named is of a time that had only one of it."""
    spec = json.loads(text)
    return CollectionSpec(
        name=spec["name"],
        encoder=EncoderInfo.from_dict(spec["encoder"]),
        fields={name: FieldType(kind) for name, kind in spec["fields"]},
        layout=_layout(**spec["layout"]) if "layout" in spec else Layout(),
        words=spec.get("words", FIRST_WORDS),
    )


def _layout(
    unit: str, tensor_storage: str, token_pooling: int, context: str = FIRST_CONTEXT
) -> Layout:
    storage = TensorStorage(tensor_storage)
    return Layout(Unit(unit), storage, token_pooling, ChunkContext(context))
