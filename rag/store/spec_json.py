"""A collection's spec as JSON, for the catalog."""

from __future__ import annotations

import json
from dataclasses import asdict

from rag.encoders.base import EncoderInfo, ModelInfo
from rag.store.base import CollectionSpec, FieldType


def dump_spec(spec: CollectionSpec) -> str:
    """The spec as text; fields keep their order, which numbers their columns."""
    return json.dumps(
        {
            "name": spec.name,
            "fields": [[name, kind.value] for name, kind in spec.fields.items()],
            "encoder": asdict(spec.encoder),
        }
    )


def load_spec(text: str) -> CollectionSpec:
    """The inverse of `dump_spec`."""
    spec = json.loads(text)
    encoder = spec["encoder"]
    models = tuple(ModelInfo(**model) for model in encoder.pop("models"))
    return CollectionSpec(
        name=spec["name"],
        encoder=EncoderInfo(models=models, **encoder),
        fields={name: FieldType(kind) for name, kind in spec["fields"]},
    )
