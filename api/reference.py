"""The reference at /docs: a page with all that it needs, so that no request leaves the server.

FastAPI's own page loads its script from a content delivery network.
"""

from __future__ import annotations

import base64
import hashlib
import re

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from api.headers import CONTENT_SECURITY_POLICY

PAGE = "/docs"
FILES, FILES_PATH = "reference-files", "/docs-files"
SWAGGER_UI = ("fastapi_offline", "static")  # a package that ships Swagger UI, and its folder there
# Swagger UI would have the document checked by a server of its makers.
OPTIONS = {"validatorUrl": None}
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def install(app: FastAPI) -> None:
    """Serve the page and its files."""
    app.mount(FILES_PATH, StaticFiles(packages=[SWAGGER_UI]), name=FILES)

    @app.get(PAGE, include_in_schema=False)
    async def reference(request: Request) -> HTMLResponse:
        def file(name: str) -> str:
            return request.url_for(FILES, path=name).path

        page = get_swagger_ui_html(
            openapi_url=request.url_for("openapi").path,
            title=app.title,
            swagger_js_url=file("swagger-ui-bundle.js"),
            swagger_css_url=file("swagger-ui.css"),
            swagger_favicon_url=file("favicon.png"),
            swagger_ui_parameters=OPTIONS,
        )
        page.headers[CONTENT_SECURITY_POLICY] = policy_of(bytes(page.body).decode())
        return page


def policy_of(page: str) -> str:
    """A policy that allows the page's own inline scripts, by their hashes, and its files.

    Swagger UI sets styles inline.
    """
    scripts = " ".join(f"'sha256-{_hash(script)}'" for script in INLINE_SCRIPT.findall(page))
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
    )


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
