"""Names of array and value types."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
IntArray: TypeAlias = npt.NDArray[np.int64]
Scalar: TypeAlias = str | int | float | bool
MetadataValue: TypeAlias = Scalar | list[str]  # the list holds tags
