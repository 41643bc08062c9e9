"""How files are read, and what one file may cost."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from pydantic import Field, field_validator

from rag.settings.section import Section

MIB = 2**20


class ParserChoice(StrEnum):
    """Who reads files with a layout: one library a format, or layout models with OCR."""

    BUILTIN = "builtin"
    DOCLING = "docling"


class RecordField(StrEnum):
    """What a record of a file gives a document."""

    TEXT = "text"
    TITLE = "title"
    ID = "id"
    METADATA = "metadata"


FieldMap: TypeAlias = dict[RecordField, str]


class ParseSettings(Section):
    """How files are read, and what one file may cost before it is given up.

    Sizes are in MiB. `timeout` is how long a file may take for its next document, so that
    a file of many records may take longer in all.
    """

    parser: ParserChoice = Field(
        default=ParserChoice.BUILTIN, description="of PDF and office files: builtin or docling"
    )
    map: FieldMap = Field(
        default_factory=dict, description="fields of records: text, title, id, metadata"
    )
    fail_fast: bool = Field(default=False, description="end at the first thing that cannot be read")
    workers: int = Field(default=1, ge=1, le=64, description="processes that read files")
    timeout: float = Field(default=60.0, gt=0, description="seconds for one document")
    memory: int = Field(default=1024, ge=64, description="MiB that reading one file may take")
    largest_file: int = Field(
        default=256, ge=1, description="MiB of a file that is not read record by record"
    )
    largest_unpacked: int = Field(default=2048, ge=1, description="MiB that an archive may hold")
    most_members: int = Field(default=10_000, ge=1, description="files that an archive may hold")
    deepest_nesting: int = Field(default=3, ge=1, description="archives within archives")
    highest_ratio: int = Field(default=200, ge=2, description="unpacked to packed size")

    @field_validator("map")
    @classmethod
    def _names_are_given(cls, value: FieldMap) -> FieldMap:
        empty = next((field for field, name in value.items() if not name.strip()), None)
        if empty:
            raise ValueError(f"no field of the records is named for {empty}")
        return value
