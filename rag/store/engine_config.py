"""The engine's configuration file: everything inside the store's folder, no chatter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CONFIG_NAME = "engine.toml"

# Every commit is flushed to disk: what `write` acknowledges survives a kill and a power cut.
# The engine's own defaults for memory are 8 GB + 4 GB + 1 GB, too much for a laptop.
# Index entries that are only in memory are built anew on every opening: 8192 rows, the least
# the engine takes, opens 26,000 rows in a third of the time that its default does.
# Left to itself the engine merges the parts of its indexes every ten seconds. That takes a core
# from searches, builds all anew for each part that a long run adds, delays closing, and after
# rows were deleted it loses count: once reopened, searches find rows twice and deleted ones.
# `rag.store.index_parts` merges them when a run is done, where that is safe.
TEMPLATE = """\
# Written by Trident each time it opens the database.
[general]
version = "0.6.0"
time_zone = "utc-0"

[network]
server_address = "127.0.0.1"

[log]
log_filename = "engine.log"
log_dir = {log}
log_to_stdout = false
log_file_max_size = "16MB"
log_file_rotate_count = 2
log_level = "warning"

[storage]
mem_index_capacity = 8192
optimize_interval = "0s"
data_dir = {data}
persistence_dir = {persistence}
snapshot_dir = {snapshot}

[buffer]
buffer_manager_size = "4GB"
temp_dir = {tmp}
memindex_memory_quota = "1GB"

[wal]
wal_dir = {wal}
wal_flush = "flush_at_once"

[resource]
resource_dir = {resource}
"""
FOLDERS = ("log", "data", "persistence", "snapshot", "tmp", "wal", "resource")


def write_config(folder: Path) -> Path:
    """Write the configuration for a database in `folder` (absolute) and give its path."""
    # A JSON string is a TOML basic string, quotes and backslashes included.
    text = TEMPLATE.format(**{name: json.dumps(str(folder / name)) for name in FOLDERS})
    path = folder / CONFIG_NAME
    path.write_text(text, encoding="utf-8")
    return path
