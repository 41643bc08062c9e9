"""GET /v1/models: what OpenAI's clients may name as a model."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Reader, Service, Worker
from api.openai.errors import documented
from api.openai.model_names import ModelOut, ModelsOut, models, not_found

router = APIRouter(prefix="/v1", tags=["openai"])


@router.get("/models", responses=documented(401, 403, 500, 503))
async def list_models(caller: Reader, service: Service, work: Worker) -> ModelsOut:
    """A chat model for each collection, `trident` for the default one, and the encoder."""
    return ModelsOut(data=await work.run(models, service, caller))


@router.get("/models/{model:path}", responses=documented(401, 403, 404, 500, 503))
async def retrieve_model(model: str, caller: Reader, service: Service, work: Worker) -> ModelOut:
    """One of the models that GET /v1/models lists."""
    found = await work.run(models, service, caller)
    match = next((each for each in found if each.id == model), None)
    if match is None:
        raise not_found(model)
    return match
