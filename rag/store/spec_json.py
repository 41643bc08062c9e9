"""A collection's specification as JSON, for the catalog."""

from __future__ import annotations

import json
from dataclasses import asdict

from rag.encoders.base import EncoderInfo, ModelInfo
from rag.store.base import CollectionSpec, FieldType


def spec_to_json(spec: CollectionSpec) -> str:
    """Everything in the specification."""
    return json.dumps(asdict(spec))


def spec_from_json(text: str) -> CollectionSpec:
    """The inverse of `spec_to_json`."""
    plain = json.loads(text)
    encoder = plain["encoder"]
    encoder["models"] = tuple(ModelInfo(**model) for model in encoder["models"])
    fields = {name: FieldType(kind) for name, kind in plain["fields"].items()}
    return CollectionSpec(plain["name"], EncoderInfo(**encoder), fields)
