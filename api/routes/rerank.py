"""POST /v1/rerank: texts from anywhere, ranked by late interaction, for clients of three APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api.deps import Reader, Service, Worker
from api.problems import documented
from api.reranking import AnyRerankRequest, RerankRequest, RerankResponse, TeiRank, TeiRequest

if TYPE_CHECKING:
    from rag.service import Rag

router = APIRouter(tags=["retrieval"])
PROBLEMS = documented(400, 401, 403, 413, 415, 422, 500, 503)


@router.post("/v1/rerank", responses=PROBLEMS, response_model_exclude_none=True)
async def rerank(
    body: AnyRerankRequest, request: Request, _caller: Reader, service: Service, work: Worker
) -> RerankResponse | list[TeiRank]:
    """Rank texts for a query by MaxSim, best first.

    `documents` answers in the way of Cohere and Jina, `texts` in that of Text Embeddings
    Inference.
    """
    if isinstance(body, TeiRequest):
        return await work.run(_tei, body, service)
    return await work.run(_cohere, body, service, request.scope["request_id"])


@router.post("/v2/rerank", responses=PROBLEMS, response_model_exclude_none=True)
async def rerank_cohere(
    body: RerankRequest, request: Request, _caller: Reader, service: Service, work: Worker
) -> RerankResponse:
    """As `/v1/rerank`, where version 2 of Cohere's client asks."""
    return await work.run(_cohere, body, service, request.scope["request_id"])


@router.post("/rerank", responses=PROBLEMS, response_model_exclude_none=True)
async def rerank_tei(
    body: TeiRequest, _caller: Reader, service: Service, work: Worker
) -> list[TeiRank]:
    """As `/v1/rerank`, where clients of Text Embeddings Inference ask."""
    return await work.run(_tei, body, service)


def _cohere(body: RerankRequest, service: Rag, request_id: str) -> RerankResponse:
    texts = body.texts()
    ranked = service.rerank(body.query, texts)
    tokens = sum(map(service.encoder.count_tokens, [body.query, *texts]))
    model = service.encoder.info.preset
    return RerankResponse.of(body, ranked, model, request_id, tokens)


def _tei(body: TeiRequest, service: Rag) -> list[TeiRank]:
    return [TeiRank.of(body, each) for each in service.rerank(body.query, body.texts)]
