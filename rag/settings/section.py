"""What every group of settings is made of."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Weight: TypeAlias = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class Section(BaseModel):
    """A group of settings; unknown keys are an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


AnySection = TypeVar("AnySection", bound=Section)
