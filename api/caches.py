"""What a server keeps so as not to do it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from rag.caching import BoundedCache
from rag.encoders.shared import QuestionKey, encoding_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from rag.settings import ServerSettings
    from rag.types import Encoding

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Caches:
    """Encodings of questions, and whole answers as they were sent, by a digest of their key."""

    questions: BoundedCache[QuestionKey, Encoding]
    answers: BoundedCache[bytes, bytes]

    @classmethod
    def of(cls, settings: ServerSettings) -> Self:
        """Empty ones of the sizes that the settings give."""
        questions = settings.question_cache_entries, MEGABYTE * settings.question_cache_mb
        answers = settings.answer_cache_entries, MEGABYTE * settings.answer_cache_mb
        return cls(BoundedCache(*questions, encoding_bytes), BoundedCache(*answers, len))

    def by_name(self) -> Mapping[str, BoundedCache[Any, Any]]:
        """Both."""
        return {"questions": self.questions, "answers": self.answers}
