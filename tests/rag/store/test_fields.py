from __future__ import annotations

import pytest

from rag.store.base import FieldType
from rag.store.fields import KINDS, checked_text


@pytest.mark.parametrize("kind", list(FieldType))
def test_no_value_can_pass_for_a_missing_one(kind: FieldType) -> None:
    reasons = "reserved|64 bits|not a finite|not true or false"
    with pytest.raises(ValueError, match=reasons):
        KINDS[kind].store(KINDS[kind].missing)


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (FieldType.STRING, "", ""),
        (FieldType.STRING, "it's", "it's"),
        (FieldType.INTEGER, -7, -7),
        (FieldType.INTEGER, 2**63 - 1, 2**63 - 1),
        (FieldType.FLOAT, 3, 3.0),
        (FieldType.FLOAT, -1e300, -1e300),
        (FieldType.BOOLEAN, True, 1),
        (FieldType.BOOLEAN, False, 0),
    ],
)
def test_a_value_is_kept_in_its_fields_type(
    kind: FieldType, value: str | float, stored: str | float
) -> None:
    kept = KINDS[kind].store(value)
    assert kept == stored
    assert type(kept) is type(stored)


def test_text_that_the_engine_would_cut_or_cannot_encode_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        checked_text("a\0b")
    with pytest.raises(ValueError, match="surrogates"):
        checked_text("\udc80")
    with pytest.raises(ValueError, match="not text"):
        checked_text(b"bytes")
