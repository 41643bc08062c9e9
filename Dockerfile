# The server on an embedded database, CPU only. Everything that it writes is under /data and /tmp,
# so it runs with a read-only root:
#   docker run --read-only --tmpfs /tmp -v trident:/data -p 127.0.0.1:8100:8100 trident

FROM python:3.11-slim-bookworm AS build
# The address of PyTorch's CPU builds (pytorch.org shows it) saves several gigabytes of CUDA.
ARG PIP_EXTRA_INDEX_URL=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# A dependency of infinity-sdk is compiled.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends g++ \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/trident
ENV PATH=/opt/trident/bin:$PATH
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY packaging packaging
COPY rerankers rerankers
COPY rag rag
COPY indexers indexers
COPY eval eval
COPY api api
# Without the local version of torch, an index with CPU builds and one without both do.
RUN sed --in-place 's/^\(torch==.*\)+cpu$/\1/' constraints.txt \
    && pip install --constraint constraints.txt ./packaging/infinity-embedded '.[formats,openai,mcp,otel]'

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data trident \
    && install --directory --owner=trident --group=trident /data
COPY --from=build /opt/trident /opt/trident
ENV PATH=/opt/trident/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    XDG_CACHE_HOME=/data/cache \
    HF_HUB_OFFLINE=1 \
    TRIDENT_STORE__PATH=/data/store \
    TRIDENT_ENCODER__OFFLINE=true \
    TRIDENT_SERVER__HOST=0.0.0.0 \
    TRIDENT_SERVER__PORT=8100 \
    TRIDENT_SERVER__LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8100
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8100/readyz', timeout=4)"]
ENTRYPOINT ["trident"]
CMD ["serve"]
