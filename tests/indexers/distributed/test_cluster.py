"""A cluster that is not there is said at once."""

from __future__ import annotations

import socket

import pytest

from rag.errors import FailureError
from rag.settings import RaySettings

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'trident-rag[ray]'")


@pytest.mark.parametrize("address", ["127.0.0.1:{}", "ray://127.0.0.1:{}", "no-port:x{}"])
def test_an_address_at_which_nothing_answers_is_refused_with_its_setting(address: str) -> None:
    from indexers.distributed.cluster import connection

    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = address.format(taken.getsockname()[1])
    with (
        pytest.raises(FailureError, match=f"Ray cannot be reached at {free} \\(ray.address\\): .+"),
        connection(RaySettings(address=free)),
    ):
        pass
    assert not ray.is_initialized()
