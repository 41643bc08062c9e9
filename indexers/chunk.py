"""Documents into chunks: at headings, paragraphs and sentences, never above a size."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from typing import TYPE_CHECKING

from indexers.borders import Border, split_units
from rag.errors import SettingsError
from rag.types import PAGE, SECTION, Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexers.borders import CountTokens, Span, Unit
    from indexers.parse.base import Place
    from rag.settings import ChunkSettings
    from rag.types import Document, MetadataValue

CHUNKER_VERSION = 2  # raise it when the same text would be cut at other places
CHUNK_ID_LENGTH = 32

# Tokenizers give one unknown token for a word of any length; this bounds a chunk all the
# same. Prose has 4 to 5 characters a token, indented code up to 10.
CHARACTERS_PER_TOKEN = 16


def chunk_document(
    document: Document,
    collection: str,
    count_tokens: CountTokens,
    settings: ChunkSettings,
    sections: Sequence[int] = (),
    places: Sequence[Place] = (),
    blocks: Sequence[Span] = (),
) -> list[Chunk]:
    """Cut a document into chunks of at most `settings.size` tokens.

    Every character but white space is in some chunk. Where the text must be cut, it is
    cut at the best border in the second half of the chunk: before a section, else a
    paragraph, else a sentence. Neighbours share whole sentences of at most
    `settings.overlap` tokens, but not across the border of a section.

    `sections` are offsets at which sections begin. `blocks` are spans (a table, a row) that
    are cut only when they do not fit into a chunk. `places` say where the text stands: the
    metadata of a chunk tell the `section` and the `page` on which it begins, unless those of
    the document do. Raises: SettingsError.
    """
    check_overlap(settings)
    count = _bounded(count_tokens)
    units = list(split_units(document.text, settings.size, count, sections, blocks))
    spans = _pack(document.text, units, settings, count)
    return [_chunk(document, collection, *item, places) for item in enumerate(spans)]


def chunk_id(collection: str, doc_id: str, position: int) -> str:
    """The id of a chunk: the same in every run, different in every other place."""
    key = f"{collection}\0{doc_id}\0{position}"
    return hashlib.sha256(key.encode()).hexdigest()[:CHUNK_ID_LENGTH]


def check_overlap(settings: ChunkSettings) -> None:
    """Raises: SettingsError when chunks would share all that they have."""
    if settings.overlap >= settings.size:
        raise SettingsError(
            f"chunk.overlap is {settings.overlap} but must be less than chunk.size, "
            f"which is {settings.size}."
        )


def _chunk(
    document: Document, collection: str, position: int, span: Span, places: Sequence[Place]
) -> Chunk:
    start, end = span
    return Chunk(
        id=chunk_id(collection, document.id, position),
        doc_id=document.id,
        title=document.title,
        text=document.text[start:end],
        position=position,
        start=start,
        end=end,
        metadata={**_place(start, places), **document.metadata},
    )


def _place(start: int, places: Sequence[Place]) -> dict[str, MetadataValue]:
    """Where the text at `start` stands, as far as it is known."""
    index = bisect_right(places, start, key=lambda place: place.start) - 1
    if index < 0:
        return {}
    place = places[index]
    found: dict[str, MetadataValue] = {SECTION: place.section} if place.section else {}
    return found if place.page is None else {**found, PAGE: place.page}


def _bounded(count_tokens: CountTokens) -> CountTokens:
    def count(text: str) -> int:
        return max(count_tokens(text), len(text) // CHARACTERS_PER_TOKEN)

    return count


def _pack(
    text: str, units: Sequence[Unit], settings: ChunkSettings, count: CountTokens
) -> Iterator[Span]:
    """Greedily; `new` is the first unit that is in no chunk yet."""
    first = new = 0
    while new < len(units):
        stop = _fill(units, first, settings.size)
        if stop < len(units):
            stop = _best_border(units, first, new, stop, settings.size)
        first, stop = _shrink(text, units, (first, new, stop), settings.size, count)
        yield units[first].start, units[stop - 1].end
        first = _overlap_start(units, first, stop, settings)
        new = stop


def _fill(units: Sequence[Unit], first: int, size: int) -> int:
    """The first unit that does not fit into a chunk that begins with unit `first`."""
    room = size
    for index in range(first, len(units)):
        room -= units[index].tokens
        if room < 0:
            return index
    return len(units)


def _best_border(units: Sequence[Unit], first: int, new: int, stop: int, size: int) -> int:
    """The last of the best places to cut that leave the chunk at least half full."""
    best, tokens = stop, sum(unit.tokens for unit in units[first:stop])
    for index in range(stop, new, -1):
        if tokens < size / 2:
            break
        if units[index].border > units[best].border:
            best = index
        tokens -= units[index - 1].tokens
    return best


def _shrink(
    text: str, units: Sequence[Unit], place: tuple[int, int, int], size: int, count: CountTokens
) -> tuple[int, int]:
    """Give up units until the whole fits: joined, some take more tokens than apart."""
    first, new, stop = place
    while count(text[units[first].start : units[stop - 1].end]) > size:
        if stop > new + 1:
            stop -= 1
        else:
            first += 1
    return first, stop


def _overlap_start(units: Sequence[Unit], first: int, stop: int, settings: ChunkSettings) -> int:
    """The earliest unit that the next chunk repeats, leaving room for the one it adds."""
    start = stop
    if stop == len(units) or units[stop].border is Border.SECTION:
        return start
    room = min(settings.overlap, settings.size - units[stop].tokens)
    while start > first + 1 and units[start - 1].tokens <= room:
        start -= 1
        room -= units[start].tokens
    return start
