"""POST /v1/embeddings: dense vectors for OpenAI's clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from api.deps import Reader, Service, Worker
from api.openai.embedding import EmbeddingRequest, EmbeddingResponse
from api.openai.errors import documented
from api.openai.model_names import not_found
from rag.errors import InputError

if TYPE_CHECKING:
    from rag.service import Rag

router = APIRouter(prefix="/v1", tags=["openai"])


@router.post("/embeddings", responses=documented(400, 401, 403, 404, 413, 500, 503))
async def embeddings(
    body: EmbeddingRequest, _caller: Reader, service: Service, work: Worker
) -> EmbeddingResponse:
    """The dense vectors of texts, made as those of passages are, or of questions."""
    return await work.run(_embedded, body, service)


def _embedded(body: EmbeddingRequest, service: Rag) -> EmbeddingResponse:
    _require_model(body, service)
    vectors = service.embed(body.input, body.side)
    tokens = sum(map(service.encoder.count_tokens, body.input))
    return EmbeddingResponse.of(body, vectors, tokens)


def _require_model(body: EmbeddingRequest, service: Rag) -> None:
    info = service.encoder.info
    if body.model != info.preset:
        raise not_found(body.model)
    if body.dimensions not in {None, info.dense_dim}:
        raise InputError(
            f"The vectors of {body.model} have {info.dense_dim} dimensions; leave dimensions out."
        )
