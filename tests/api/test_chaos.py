"""A server that is killed while documents come in loses none that it acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.serve import chaos

if TYPE_CHECKING:
    from pathlib import Path

# Far more than the server takes, since other tests run at the same time; `trident bench serve
# --chaos` measures it.
LONGEST_START = 120.0


@pytest.mark.slow
@pytest.mark.xdist_group("server")
def test_every_acknowledged_document_is_found_after_a_kill(tmp_path: Path) -> None:
    variables = {"TRIDENT_ENCODER__RUNTIME": "torch", "TRIDENT_ENCODER__OFFLINE": "1"}
    report = chaos.run(tmp_path, 3.0, variables, LONGEST_START)
    assert report.acknowledged >= chaos.BATCH
    assert report.lost == []
    assert set(report.errors) <= {
        "ConnectError",
        "ReadError",
        "RemoteProtocolError",
        "WriteError",
    }
