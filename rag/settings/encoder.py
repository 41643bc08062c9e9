"""Which models are used, and how they run."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from rag.settings.section import Section


class EncoderSettings(Section):
    """Which models fill the columns, and how they run."""

    preset: str = Field(default="minilm", description="a preset; `trident models list` shows them")
    weights: Path | None = Field(
        default=None, description="folder that holds one subfolder of weights per model"
    )
    dense: str | None = Field(default=None, description="another model for dense vectors")
    sparse: str | None = Field(default=None, description="another model for sparse vectors")
    tokens: str | None = Field(default=None, description="another model for token vectors")
    offline: bool = Field(default=False, description="never ask a model hub")
    runtime: str = Field(
        default="auto", description="auto, or a runtime of rag/encoders/runtime/choice.py"
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto", description="where models run; auto: an accelerator when there is one"
    )
    threads: int | None = Field(default=None, ge=1, description="CPU threads; default: all cores")
    batch_tokens: int = Field(default=2048, ge=256, description="padded tokens per forward pass")
