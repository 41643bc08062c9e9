"""The collection that a run writes to: made when absent, refused when it does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import CollectionMismatchError, CollectionNotFoundError
from rag.store.base import CollectionSpec
from rag.types import Layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexers.target import IndexTarget
    from rag.encoders.base import EncoderInfo
    from rag.settings import IndexSettings
    from rag.store.base import CollectionInfo, FieldType


def open_collection(
    store: IndexTarget,
    name: str,
    encoder: EncoderInfo,
    fields: Mapping[str, FieldType],
    layout: IndexSettings,
) -> CollectionInfo:
    """Describe a collection, or make it with these metadata fields and this layout.

    Raises: CollectionMismatchError when it was made with another encoder or layout, or when
    `fields` names some that it does not have.
    """
    try:
        info = store.describe(name)
    except CollectionNotFoundError:
        return store.create_collection(CollectionSpec(name, encoder, fields, layout.over(Layout())))
    _check_encoder(info, encoder)
    _check_fields(info, fields)
    _check_layout(info, layout)
    return info


def _check_encoder(info: CollectionInfo, encoder: EncoderInfo) -> None:
    if info.spec.encoder.identity != encoder.identity:
        raise CollectionMismatchError(
            f'The collection "{info.spec.name}" was made with {info.spec.encoder.identity}, '
            f"not with {encoder.identity}; choose the preset of those models "
            "(`trident models list`) or another collection."
        )


def _check_fields(info: CollectionInfo, fields: Mapping[str, FieldType]) -> None:
    if not fields.items() <= info.spec.fields.items():
        raise CollectionMismatchError(
            f'The collection "{info.spec.name}" was made with the fields '
            f"{_listed(info.spec.fields)}, not with {_listed(fields)}; "
            "fields are fixed when a collection is made, so choose another collection."
        )


def _check_layout(info: CollectionInfo, layout: IndexSettings) -> None:
    there = info.spec.layout
    for name, value in layout.layout.items():
        if getattr(there, name) != value:
            raise CollectionMismatchError(
                f'The collection "{info.spec.name}" was made with {name} '
                f"{getattr(there, name)}, not {value}; that is fixed when a collection is "
                "made, so choose another collection."
            )


def _listed(fields: Mapping[str, FieldType]) -> str:
    return ", ".join(f"{name}:{kind}" for name, kind in fields.items()) or "(none)"
