"""Every error that Trident raises on purpose.

    TridentError
    ├── InputError                  what the user gave cannot be used (exit code 2, HTTP 4xx)
    │   ├── SettingsError           a setting is unknown or has a bad value
    │   ├── EmptyQuestionError      nothing to search for
    │   ├── FilterError             a filter names an unknown field or a wrong type
    │   ├── RowError                a row would harm the engine (NaN, wrong width, …)
    │   ├── CollectionNotFoundError
    │   ├── CollectionExistsError
    │   ├── DocumentNotFoundError
    │   ├── CollectionMismatchError opened with other models than it was made with
    │   └── SourceError             a path does not exist or cannot be read as documents
    └── FailureError                something broke on our side (exit code 1, HTTP 5xx)
        ├── StoreLockedError        another process has the database open
        ├── StoreError              the engine refused or failed
        │   └── StoreUnreachableError   a server does not answer, or no longer
        ├── EngineMissingError      no embedded engine on this platform
        ├── WeightsError            model weights are missing or not the ones pinned
        ├── DatasetError            a test collection cannot be had from the hub
        └── GenerationError         a language model failed
            └── GenerationTimeoutError  it was silent for too long

Each message is one sentence that says what is wrong and what to do. `code` is stable.
"""

from __future__ import annotations

from typing import ClassVar


class TridentError(Exception):
    """Base of all; `str(error)` is the sentence for the user."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1


class InputError(TridentError):
    """What the user gave cannot be used."""

    code = "bad_input"
    http_status = 422
    exit_code = 2


class SettingsError(InputError):
    """A setting is unknown or has a bad value."""

    code = "bad_setting"


class EmptyQuestionError(InputError):
    """There is nothing to search for."""

    code = "empty_question"


class FilterError(InputError):
    """A filter names an unknown field or compares with the wrong type."""

    code = "bad_filter"


class RowError(InputError):
    """A row that the engine must not see."""

    code = "bad_row"


class CollectionNotFoundError(InputError):
    """No collection has that name.

    `advice` may name other collections: only those who see all of them may read it.
    """

    code = "collection_not_found"
    http_status = 404

    def __init__(self, name: str, advice: str = "make it first, or name another") -> None:
        super().__init__(f"There is no collection {name!r:.80}; {advice}.")
        self.name = name


class CollectionExistsError(InputError):
    """A collection of that name exists already."""

    code = "collection_exists"
    http_status = 409


class DocumentNotFoundError(InputError):
    """No document of a collection has that id."""

    code = "document_not_found"
    http_status = 404


class CollectionMismatchError(InputError):
    """A collection was made with other models than the ones in use."""

    code = "collection_mismatch"
    http_status = 409


class SourceError(InputError):
    """A path does not exist or cannot be read as documents."""

    code = "bad_source"


class FailureError(TridentError):
    """Something broke on our side."""

    code = "failure"


class StoreLockedError(FailureError):
    """Another process has the database open."""

    code = "store_locked"
    http_status = 503


class StoreError(FailureError):
    """The engine refused or failed."""

    code = "store_failed"


class StoreUnreachableError(StoreError):
    """A server does not answer, or the connection broke: what was asked may be done or not."""

    code = "store_unreachable"
    http_status = 503


class EngineMissingError(FailureError):
    """The embedded engine is not installed or not made for this platform."""

    code = "engine_missing"


class WeightsError(FailureError):
    """Model weights are missing, unreachable, or not the ones that are pinned."""

    code = "weights_missing"


class DatasetError(FailureError):
    """A test collection cannot be had from the hub."""

    code = "dataset_missing"


class GenerationError(FailureError):
    """A language model failed, refused, or broke off."""

    code = "generation_failed"
    http_status = 502


class GenerationTimeoutError(GenerationError):
    """A language model was silent for too long."""

    code = "generation_timeout"
    http_status = 504
