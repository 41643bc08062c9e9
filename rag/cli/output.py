"""What commands print: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, is_dataclass
from typing import Any

from rich.console import Console

from rag.errors import TridentError

stdout = Console(soft_wrap=True, highlight=False)
stderr = Console(stderr=True, soft_wrap=True, highlight=False)


def wants_json() -> bool:
    """Whether this command was called with --json (also when it failed to start)."""
    return "--json" in sys.argv[1:]


def print_json(value: Any) -> None:
    """One JSON document on stdout; dataclasses become objects at any depth."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write(text + "\n")


def _plain(value: Any) -> Any:
    """What JSON has no form for: dataclasses and paths."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def print_error(error: TridentError) -> None:
    """The sentence of an error; as JSON too where JSON was asked for."""
    if wants_json():
        print_json({"error": {"code": error.code, "message": str(error)}})
    stderr.print(f"Error: {error}", markup=False, style="red")


def print_notices(notices: tuple[str, ...]) -> None:
    """What the user should know about a result."""
    for notice in notices:
        stderr.print(f"Note: {notice}", markup=False, style="yellow")
