"""How a request is refused: a status and a fixed sentence, never a detail of the server."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

SENTENCES = {
    400: "This page is not served under that name.",
    403: "The page has to be loaded again before this can be done.",
    404: "There is nothing here.",
    405: "This cannot be done here.",
    408: "The request took too long to arrive.",
    413: "The request is too large.",
    415: "Requests are JSON.",
    422: "The request does not hold what it should.",
    429: "Too many requests at once: please wait a moment.",
    500: "Something went wrong on our side.",
    503: "Many shoppers are asking right now: please try again in a moment.",
}


def refusal(status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    """The whole answer to a refused request."""
    sentence = SENTENCES.get(status, SENTENCES[500] if status >= 500 else SENTENCES[422])
    return JSONResponse({"detail": sentence}, status, headers)


async def refuse(
    status: int, scope: Scope, receive: Receive, send: Send, headers: dict[str, str] | None = None
) -> None:
    await refusal(status, headers)(scope, receive, send)
