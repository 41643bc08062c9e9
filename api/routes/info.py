"""GET /info: what is running; GET /metrics: how it fares."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import BaseModel, Field

from api.deps import Admin, Reader, ServerState, Service
from api.problems import documented
from api.schemas import LONGEST_QUESTION
from rag.settings import AnswerSettings, SearchSettings, Settings

if TYPE_CHECKING:
    from rag.encoders.base import ModelInfo
    from rag.service import Rag

router = APIRouter(tags=["health"])
METRICS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {}}, "description": "In Prometheus' text format"}
}


class ModelOut(BaseModel):
    """A model in use."""

    role: str = Field(description="the columns that it fills")
    name: str
    sha256: str = Field(description="of its weights")
    licence: str


class EncoderOut(BaseModel):
    """What turns texts into vectors."""

    preset: str
    models: list[ModelOut]


class LimitsOut(BaseModel):
    """What a request may not exceed."""

    question_characters: int
    body_bytes: int
    upload_bytes: int
    files: int
    workers: int = Field(description="requests that are worked on at once")
    queue: int = Field(description="requests that may wait")
    rate: str = Field(description="requests that a key may send; empty: any number")


class InfoOut(BaseModel):
    """What is running, with the settings that a client may want to know."""

    version: str
    engine: str = Field(description="version of the database engine's package")
    encoder: EncoderOut
    generator: str = Field(description="who writes answers: extractive, or a language model")
    policy: str = Field(description="what happens to claims that are not supported")
    collection: str = Field(description="the one that is asked where none is named")
    search: SearchSettings = Field(description="used where a request says nothing else")
    answer: AnswerSettings
    limits: LimitsOut


@router.get("/info", responses=documented(401, 403, 429, 500, 503))
async def info(_caller: Reader, service: Service) -> InfoOut:
    """Versions, models with their hashes, defaults and limits."""
    settings = service.settings
    return InfoOut(
        version=version("trident-rag"),
        engine=service.store.engine_version,
        encoder=_encoder(service),
        generator=settings.generator.model,
        policy=settings.ground.policy.value,
        collection=settings.collection,
        search=settings.search,
        answer=settings.answer,
        limits=_limits(settings),
    )


@router.get("/metrics", response_class=Response, responses=METRICS | documented(401, 403, 429, 500))
async def metrics(_caller: Admin, state: ServerState) -> Response:
    """Counters, gauges and histograms since the server was started."""
    return Response(state.metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _encoder(service: Rag) -> EncoderOut:
    found = service.encoder.info
    return EncoderOut(preset=found.preset, models=[_model(model) for model in found.models])


def _model(model: ModelInfo) -> ModelOut:
    return ModelOut(role=model.role, name=model.name, sha256=model.sha256, licence=model.licence)


def _limits(settings: Settings) -> LimitsOut:
    server = settings.server
    return LimitsOut(
        question_characters=LONGEST_QUESTION,
        body_bytes=server.largest_body,
        upload_bytes=server.largest_upload,
        files=server.most_files,
        workers=server.workers,
        queue=server.queue,
        rate=server.rate_limit,
    )
