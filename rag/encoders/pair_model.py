"""Finding a model that reads two texts together, whatever it says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.encoders.base import ModelInfo
from rag.encoders.catalogue.architectures import CROSS_ENCODER
from rag.encoders.catalogue.named import named_model
from rag.encoders.weights.find import find_weights
from rag.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from rag.settings import EncoderSettings


def find_pair_model(
    name: str | None,
    settings: EncoderSettings,
    *,
    role: str,
    setting: str,
    missing: str,
    wrong: str,
) -> tuple[Path, ModelInfo]:
    """The checked folder of the model that a setting names, and which model it is.

    `name` is a folder, or "organisation/name@commit" of the hub, whose files are taken from
    the local cache or else downloaded. `missing` says who needs it, `wrong` what another kind
    of model is not and what to name.

    Raises: SettingsError for no name or one of another kind of model, WeightsError.
    """
    if not name:
        raise SettingsError(
            f"{missing} needs a model: set {setting} to the folder of one, or to "
            "organisation/name@commit of the model hub."
        )
    model = named_model(name, offline=settings.offline)
    if model.architecture != CROSS_ENCODER:
        raise SettingsError(f"{setting} is {name!r}, which is {wrong}.")
    found = find_weights(model, settings)
    info = ModelInfo(role, found.model, found.sha256, found.licence, str(found.path))
    return found.path, info
