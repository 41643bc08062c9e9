"""The indexes of a collection's table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.store.schema import FIELD_PREFIX

if TYPE_CHECKING:
    from rag.store.base import CollectionSpec

HNSW = {"M": "16", "ef_construction": "200", "metric": "ip", "encode": "lvq"}
BMP = {"block_size": "8", "compress_type": "compress"}
FULL_TEXT = {"ANALYZER": "standard"}


def create_indexes(table: Any, spec: CollectionSpec) -> None:
    """HNSW on dense, BMP on sparse, full text, and secondary indexes on what is filtered."""
    from infinity_embedded.common import ConflictType
    from infinity_embedded.index import IndexInfo, IndexType

    infos = {
        "hnsw_dense": IndexInfo("dense", IndexType.Hnsw, dict(HNSW)),
        "bmp_sparse": IndexInfo("sparse", IndexType.BMP, dict(BMP)),
        "text_fulltext": IndexInfo("fulltext", IndexType.FullText, dict(FULL_TEXT)),
        "secondary_doc_id": IndexInfo("doc_id", IndexType.Secondary),
        **{
            f"secondary_{name}": IndexInfo(FIELD_PREFIX + name, IndexType.Secondary)
            for name in spec.fields
        },
    }
    for name, info in infos.items():
        table.create_index(name, info, ConflictType.Error)
