"""What a key is made of."""

from __future__ import annotations

import pytest

from api.auth.caller import Scope
from api.auth.key import KEY, KeyState, digest_of, make_key, matches
from rag.errors import InputError


def test_a_secret_has_256_bits_that_no_other_key_has() -> None:
    secrets = {KEY.fullmatch(make_key("a", [Scope.READ])[1])["secret"] for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(secret) == 43 for secret in secrets)  # 32 bytes in base64


def test_a_key_knows_its_secret_by_a_hash_only() -> None:
    key, text = make_key("a", [Scope.READ])
    secret = KEY.fullmatch(text)["secret"]
    assert key.digest == digest_of(secret)
    assert secret not in repr(key)
    assert matches(secret, key)
    assert not matches(secret[:-1] + ("a" if secret[-1] != "a" else "b"), key)


def test_an_id_that_nobody_has_matches_no_secret() -> None:
    assert not matches("", None)
    assert not matches("secret", None)


@pytest.mark.parametrize("name", ["", " a", "a\nb", "a" * 64, "[red]", "a;b"])
def test_a_name_that_would_harm_a_list_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="name of a key"):
        make_key(name, [Scope.READ])


def test_a_key_expires_at_its_time() -> None:
    assert make_key("a", [Scope.READ], expires=2**40)[0].state is KeyState.ACTIVE
    assert make_key("a", [Scope.READ], expires=1)[0].state is KeyState.EXPIRED
