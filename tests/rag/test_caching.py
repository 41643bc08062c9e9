"""A cache that never outgrows its limits and gives back what was put in last."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.caching import BoundedCache

KEYS = st.integers(0, 5)
PUTS = st.lists(st.tuples(KEYS, st.binary(max_size=12)), max_size=40)


def cache(entries: int, size: int) -> BoundedCache[int, bytes]:
    return BoundedCache(entries, size, len)


@given(puts=PUTS, entries=st.integers(0, 4), size=st.integers(0, 20))
def test_it_never_holds_more_than_either_limit(
    puts: list[tuple[int, bytes]], entries: int, size: int
) -> None:
    kept = cache(entries, size)
    for key, value in puts:
        kept.put(key, value)
        assert len(kept) <= entries
        assert kept.size <= size


@given(puts=PUTS)
def test_what_it_gives_is_what_was_put_last(puts: list[tuple[int, bytes]]) -> None:
    kept, last = cache(3, 100), dict[int, bytes]()
    for key, value in puts:
        kept.put(key, value)
        last[key] = value
        assert all(kept.get(known) in {None, last[known]} for known in last)


def test_what_was_used_least_recently_goes_first() -> None:
    kept = cache(2, 100)
    kept.put(1, b"one")
    kept.put(2, b"two")
    kept.get(1)
    kept.put(3, b"three")
    assert (kept.get(1), kept.get(2), kept.get(3)) == (b"one", None, b"three")


def test_a_value_above_the_limit_is_not_kept_and_drives_nothing_out() -> None:
    kept = cache(2, 10)
    kept.put(1, b"small")
    kept.put(2, b"x" * 11)
    assert (kept.get(1), kept.get(2)) == (b"small", None)


def test_hits_and_misses_are_counted() -> None:
    kept = cache(2, 10)
    kept.put(1, b"one")
    kept.get(1)
    kept.get(2)
    assert (kept.hits, kept.misses) == (1, 1)


def test_a_limit_of_nothing_keeps_nothing() -> None:
    assert not cache(0, 100).keeps
    assert not cache(100, 0).keeps
