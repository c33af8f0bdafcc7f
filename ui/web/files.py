"""The page's own files: one HTML page, and what it loads under a name that changes with its content."""

from __future__ import annotations

import hashlib
import html
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from agent.storefront import Storefront
from ui.door import Route
from ui.web.locales import strings
from ui.web.theme import stylesheet

STATIC = Path(__file__).parent / "static"
ROUTE = Route(r"/page/[0-9a-f]{12}/((js/)?[a-z0-9-]+\.(js|css|svg))")
FOREVER = "public, max-age=31536000, immutable"


class PageFiles(StaticFiles):
    """Files that never change under their name."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER
        return response


class PageHtml:
    """The page's HTML, the same for everybody but its language and the data it starts with."""

    def __init__(self, front: Storefront, title: str) -> None:
        self.front = front
        self.name = front.name or title
        self.theme = stylesheet(front.colours)

    @cached_property
    def version(self) -> str:
        """Changes with every file and with the shop's colours."""
        digest = hashlib.sha256(self.theme.encode())
        for path in sorted(STATIC.rglob("*.*")):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:12]

    @cached_property
    def _template(self) -> str:
        scripts = sorted(path.name for path in (STATIC / "js").glob("*.js") if path.name != "early.js")
        preloads = "\n".join(
            f'<link rel="modulepreload" href="/page/{self.version}/js/{name}">' for name in scripts
        )
        template = (STATIC / "page.html").read_text(encoding="utf-8")
        return template.replace("{{preloads}}", preloads).replace("{{version}}", self.version)

    def render(self, language: str, start: dict[str, Any]) -> str:
        """``start`` goes along as data: JSON in which nothing can end the element that holds it."""
        data = json.dumps(start, ensure_ascii=False).replace("<", "\\u003c")
        replaced = {
            "{{language}}": html.escape(language),
            "{{name}}": html.escape(self.name),
            "{{description}}": html.escape(self.front.tagline or self.name),
            "{{noscript}}": html.escape(str(strings(language)["noscript"])),
            "{{start}}": data,
        }
        page = self._template
        for mark, value in replaced.items():
            page = page.replace(mark, value)
        return page
