"""The page at /, with all that it needs: no request leaves the server, and nothing is built.

Its files lie under a path that names their contents, so that browsers keep them for good and
take new ones as soon as the page names them. All links are relative: a proxy may put the page
under any prefix.
"""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response
    from starlette.types import Scope

PAGE = "/"
STATIC = Path(__file__).parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-cache",  # it names the files: an old one would keep old files
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# A module is fetched when another imports it; told beforehand, all are fetched at once.
PRELOAD = '<link rel="modulepreload" href="{href}">'
STYLESHEET = '<link rel="stylesheet" href="{href}">'


class Assets(StaticFiles):
    """The page's files, which may be kept for good: other contents have another path."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file. Raises: HTTPException with 404 where there is none."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOR_GOOD
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def install(app: FastAPI) -> None:
    """Serve the page and its files."""
    mimetypes.add_type("text/javascript", ".js")  # a machine may know it by another name
    folder = f"ui/{digest(STATIC)}"
    html = render(STATIC, folder)
    app.mount(f"/{folder}", Assets(directory=STATIC), name="ui")

    @app.get(PAGE, include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(html, headers=HEADERS)


def digest(folder: Path) -> str:
    """A short hash of all files of a folder and their names."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(str(path.relative_to(folder)).encode() + b"\0")
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def render(static: Path, folder: str) -> str:
    """The page, whose links lead to `folder`."""
    html = (static / "index.html").read_text(encoding="utf-8")
    html = html.replace("{{styles}}", _links(STYLESHEET, static, folder, "css"))
    html = html.replace("{{modules}}", _links(PRELOAD, static, folder, "js"))
    return html.replace("{{folder}}", folder)


def _links(template: str, static: Path, folder: str, kind: str) -> str:
    paths: Sequence[Path] = sorted((static / kind).glob(f"*.{kind}"))
    return "\n".join(template.format(href=f"{folder}/{kind}/{path.name}") for path in paths)
