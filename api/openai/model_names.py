"""Which models there are: a chat model for each collection, and the encoder for embeddings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from rag.errors import InputError

if TYPE_CHECKING:
    from api.auth.caller import Caller
    from rag.service import Rag

CHAT = "trident"
SEPARATOR = "/"


class ModelNotFoundError(InputError):
    """There is no model of that name, or none for this caller."""

    code = "model_not_found"
    http_status = 404


class ModelOut(BaseModel):
    """A model that the caller may use."""

    id: str
    object: Literal["model"] = "model"
    created: int = Field(description="seconds since 1970")
    owned_by: str = "trident"


class ModelsOut(BaseModel):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[ModelOut]


def models(service: Rag, caller: Caller) -> list[ModelOut]:
    """The models that the caller may use."""
    made = {info.spec.name: _seconds(info.created) for info in service.store.collections()}
    seen = {name: created for name, created in made.items() if caller.sees(name)}
    default = service.settings.collection
    chats = {CHAT: seen[default]} if default in seen else {}
    chats |= {f"{CHAT}{SEPARATOR}{name}": created for name, created in seen.items()}
    encoder = {service.encoder.info.preset: 0}
    return [ModelOut(id=name, created=created) for name, created in (chats | encoder).items()]


def require_collection(model: str, service: Rag, caller: Caller) -> str:
    """The collection that a chat model answers from. Raises: ModelNotFoundError."""
    prefix, _, named = model.partition(SEPARATOR)
    collection = named or service.settings.collection
    if prefix != CHAT or not caller.sees(collection) or not _exists(service, collection):
        raise not_found(model)
    return collection


def not_found(model: str) -> ModelNotFoundError:
    """There is none, and where to look."""
    return ModelNotFoundError(f"There is no model {model!r:.80}; GET /v1/models lists yours.")


def _exists(service: Rag, collection: str) -> bool:
    return any(info.spec.name == collection for info in service.store.collections())


def _seconds(created: str) -> int:
    return int(datetime.fromisoformat(created).timestamp())
