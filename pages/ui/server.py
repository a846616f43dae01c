"""What the server does around the pages: closed doors, first paint in Chinese, a warm start, faults in words.

Knows Starlette and Streamlit; knows nothing of scores.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import socket
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from pages.ui import chinese, navigation, plain, served

CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
"""Built-in end points that answer without sign-in and that nobody here needs."""

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    # The browser itself refuses any other host, whatever a library would like to fetch.
    "Content-Security-Policy": (
        "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
}

FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
"""What a proxy adds: the caller is then not on this machine."""

_OUTSIDE_A_VISIT = "streamlit.runtime.scriptrunner_utils.script_run_context"  # warns that nobody is visiting yet
_NOT_KEPT = {"Cache-Control": "no-cache"}
WARM = ("numpy", "pandas", "pyarrow", "duckdb", "plotly.graph_objects")


class Doors:
    """Closes `CLOSED` and sends the security headers with everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].rstrip("/")
        if any(path == door or path.startswith(f"{door}/") for door in CLOSED):
            await PlainTextResponse("没有这个地址。", status_code=404)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def middleware() -> list[Middleware]:
    return [Middleware(Doors)]


def routes() -> list[Route]:
    """The pages' addresses, served with a frame that is Chinese from the first paint, and the plain page.

    The default page lives at `/`; a link to its own name is sent there with its query.
    """
    html = chinese.frame()

    async def frame(_: Request) -> Response:
        return HTMLResponse(html, headers=_NOT_KEPT)

    async def home(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"./{query}", status_code=307)

    return [
        Route("/", frame),
        Route(f"/{navigation.DEFAULT.address}", home),
        *(Route(f"/{page.address}", frame) for page in navigation.PAGES if not page.default),
        Route(f"/{plain.ADDRESS}", plain_page),
    ]


def plain_page(request: Request) -> Response:
    """Not async: it may have to score, and then does so beside the visits."""
    forwarded = any(request.headers.get(name) for name in FORWARDED)
    if not plain.local(request.url.hostname, forwarded):
        return HTMLResponse(plain.closed(), 403, _NOT_KEPT)
    wanted = parse_qs(request.url.query).get("period", [None])[0]
    try:
        return HTMLResponse(plain.page(wanted), headers=_NOT_KEPT)
    except Exception:
        logging.getLogger("pages").exception("plain page failed")
        return HTMLResponse(plain.failed(), 500, _NOT_KEPT)


def send_at_once() -> None:
    """Every connection sends what it has. Streamlit opens its socket without naming TCP, and so asyncio leaves Nagle's
    algorithm on: the end of each answer waited for the browser's delayed acknowledgement, 40 ms on Linux, up to 200 on
    Windows. To be called before the first visit; calling it again changes nothing."""
    if getattr(AutoHTTPProtocol.connection_made, "sends_at_once", False):
        return
    made = AutoHTTPProtocol.connection_made

    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made(self, transport)

    connection_made.sends_at_once = True  # type: ignore[attr-defined]
    AutoHTTPProtocol.connection_made = connection_made


@asynccontextmanager
async def warm(_: Any) -> AsyncIterator[MutableMapping[str, Any]]:
    """Import, read and score before the first visit, then take all of it out of every later collection."""
    for name in WARM:
        importlib.import_module(name)
    send_at_once()
    logging.getLogger(_OUTSIDE_A_VISIT).setLevel(logging.ERROR)
    served.warm()
    gc.collect()
    gc.freeze()
    yield {}
    served.close()
    gc.unfreeze()  # else DuckDB complains at the end of what was never collected


def show_fault(fault: Exception) -> bool:
    """A fault of ours: one sentence for the reader, everything else for the log."""
    logging.getLogger("pages").error("page failed", exc_info=fault)
    st.error(
        "页面出错了，本次内容没有显示。请刷新重试；仍然出错时，请把服务器日志交给维护人员。",
        icon=":material/error:",
    )
    return True
