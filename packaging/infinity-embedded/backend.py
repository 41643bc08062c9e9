"""PEP 517 backend: the official Infinity engine wheel with relaxed requirements.

`infinity-embedded-sdk` pins old releases of sqlglot, setuptools, pyarrow, polars
and even pytest, so that no resolver accepts it beside `infinity-sdk` or torch,
although its code runs on the current ones. This backend has pip fetch the official
wheel (version and sha256 in `infinity-embedded.lock`), replaces the requirements
in its metadata, and returns it as version `0.6.0.dev3+relaxed.1`. No code is
changed.
"""

import platform
import subprocess
import sys
import tempfile
from email import message_from_string
from email.message import Message
from pathlib import Path

HERE = Path(__file__).parent
NAME = "infinity_embedded_sdk"
OFFICIAL_VERSION = "0.6.0.dev3"
VERSION = f"{OFFICIAL_VERSION}+relaxed.1"
REQUIREMENTS = (
    "numpy>=1.26,<2",
    "pandas>=2.2,<3",
    "polars-lts-cpu>=1.9,<2",
    "pyarrow>=17,<23",
    "pydantic>=2.9,<3",
    "requests>=2.32,<3",
    "sqlglot>=27.10,<31",
    "thrift>=0.20,<1",
)


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, str] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Fetch, verify, relax and repack the wheel; return its file name."""
    refuse_other_platforms()
    with tempfile.TemporaryDirectory() as scratch:
        official = download(Path(scratch))
        run("wheel", "unpack", str(official), "--dest", scratch)
        unpacked = Path(scratch) / f"{NAME}-{OFFICIAL_VERSION}"
        relax(unpacked)
        before = set(Path(wheel_directory).glob("*.whl"))
        run("wheel", "pack", str(unpacked), "--dest-dir", wheel_directory)
        (built,) = set(Path(wheel_directory).glob("*.whl")) - before
    return built.name


def refuse_other_platforms() -> None:
    """The engine is published for Linux on x86-64 only."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise SystemExit(
            "The embedded Infinity engine exists for Linux on x86-64 only; "
            f"this is {sys.platform} on {platform.machine()}. "
            "Run Trident in a Linux x86-64 virtual machine or container."
        )


def download(scratch: Path) -> Path:
    """Have pip fetch the official wheel; pip checks the hash of the lock file."""
    lock = HERE / "infinity-embedded.lock"
    run("pip", "download", "--quiet", "--no-deps", "--require-hashes",
        "--dest", str(scratch), "--requirement", str(lock))  # fmt: skip
    (wheel,) = scratch.glob("*.whl")
    return wheel


def relax(unpacked: Path) -> None:
    """Replace the requirements and the version in the wheel's metadata."""
    dist_info = unpacked / f"{NAME}-{OFFICIAL_VERSION}.dist-info"
    metadata = message_from_string((dist_info / "METADATA").read_text("utf-8"))
    rewrite(metadata)
    (dist_info / "METADATA").write_text(metadata.as_string(), "utf-8")
    dist_info.rename(unpacked / f"{NAME}-{VERSION}.dist-info")


def rewrite(metadata: Message) -> None:
    """Set version and requirements of a core-metadata message in place."""
    metadata.replace_header("Version", VERSION)
    del metadata["Requires-Dist"]
    for requirement in REQUIREMENTS:
        metadata["Requires-Dist"] = requirement


def run(module: str, *arguments: str) -> None:
    """Run `python -m module arguments`; a failure fails the build."""
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)
