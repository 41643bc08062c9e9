"""The README's commands do what it says, in its order."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("readme")

ROOT = Path(__file__).parents[1]
TESTED_BLOCK = re.compile(r"<!-- A test runs this block. -->\n```(\w+)\n(.*?)```", re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    return TESTED_BLOCK.findall((ROOT / "README.md").read_text())


def run(language: str, code: str, store: Path) -> str:
    """Run a block in the repository's root; kill what it leaves running."""
    command = ["bash", "-euo", "pipefail", "-c", code] if language == "bash" else [
        sys.executable, "-c", code
    ]  # fmt: skip
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "TRIDENT_STORE__PATH": str(store),
        "TRIDENT_ENCODER__OFFLINE": "true",
    }
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        return finish(process)
    finally:
        stop_group(process, signal.SIGKILL)


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for the block itself; a server that it started may still hold its output open."""
    code = process.wait(timeout=300)
    stop_group(process, signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert code == 0, output
    return output


def stop_group(process: subprocess.Popen[str], sign: signal.Signals) -> None:
    """Signal all that the block started and that still runs."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, sign)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme")


def test_the_readme_has_a_block_for_each_door() -> None:
    assert [language for language, _ in blocks()] == ["bash", "bash", "python"]


def test_every_block_runs_and_answers(store: Path) -> None:
    port = str(free_port())
    for language, code in blocks():
        output = run(language, code.replace("8100", port), store)
        assert "docs/operations.md" in output
        assert "Traceback" not in output


def test_every_link_to_a_file_exists() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
