"""The page's own files: one HTML page, and what it loads under a name that changes with its content."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.responses import Response

from agent.storefront import Storefront
from ui.door import Route
from ui.web.locales import strings
from ui.web.theme import stylesheet

STATIC = Path(__file__).parent / "static"
ROUTE = Route(r"/page/[0-9a-f]{12}/((js/)?[a-z0-9-]+\.(js|css|svg))")
MEDIA = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
LATER = frozenset(("early.js", "sheet.js", "choice.js", "drawers.js"))
"""Scripts that are loaded before the page is drawn, or when it stands."""
FOREVER = "public, max-age=31536000, immutable"


class PageFiles:
    """Files that never change under their name: read and packed once, so that twenty of them at the start of a
    page cost no disk and no compressing."""

    def __init__(self, folder: Path) -> None:
        paths = [path for path in folder.rglob("*.*") if path.suffix in MEDIA]
        self._files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        self._packed = {name: gzip.compress(body, 9) for name, body in self._files.items()}

    def response(self, name: str, accepted: str) -> Response | None:
        """The file, packed for who accepts that; None where there is none."""
        if name not in self._files:
            return None
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        media = MEDIA[Path(name).suffix]
        if "gzip" in accepted.lower():
            headers["Content-Encoding"] = "gzip"
            return Response(self._packed[name], media_type=media, headers=headers)
        return Response(self._files[name], media_type=media, headers=headers)


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
        scripts = sorted(path.name for path in (STATIC / "js").glob("*.js") if path.name not in LATER)
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
