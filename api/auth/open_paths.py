"""What anyone may have: probes, the page, the reference. It holds no data."""

from __future__ import annotations

# All else needs a caller, new routes too.
OPEN_PATHS = frozenset({"/", "/livez", "/readyz", "/docs", "/openapi.json", "/favicon.ico"})
OPEN_FOLDERS = ("/docs-files/", "/ui/")


def is_open(path: str) -> bool:
    """Anyone may have it, as often as they like."""
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)
