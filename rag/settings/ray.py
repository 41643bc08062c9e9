"""Where the workers of the Ray engine run, and what each one takes."""

from __future__ import annotations

from pydantic import Field

from rag.settings.section import Section


class RaySettings(Section):
    """The cluster of `index.engine = "ray"`. Sizes are in MiB."""

    address: str = Field(
        default="local",
        min_length=1,
        description="local to start one, auto, HOST:PORT or ray://HOST:PORT",
    )
    workers: int | None = Field(
        default=None, ge=1, le=1024, description="that read and encode; not given: all that fit"
    )
    cpus: float = Field(default=1.0, gt=0, description="cores that each worker takes")
    gpus: float = Field(default=0.0, ge=0, description="GPUs that each worker takes")
    start_timeout: float = Field(
        default=180.0, gt=0, description="seconds that all workers may take to be ready"
    )
    retries: int = Field(
        default=3, ge=0, description="times that work is done again whose worker was lost"
    )
    object_store: int = Field(
        default=256, ge=80, description="memory of a Ray that is started here"
    )
