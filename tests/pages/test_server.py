"""What the server does to its connections: they send at once."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn

from pages.ui import server

LOOPS: list[Callable[[], asyncio.AbstractEventLoop]] = [asyncio.new_event_loop]
if sys.platform != "win32":
    import uvloop

    LOOPS.append(uvloop.new_event_loop)


async def _answers(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"200"})


async def _accepted() -> list[socket.socket]:
    """The server's ends of its connections. Bound as Streamlit binds it: without naming TCP, which is what asyncio looks at."""
    listening = socket.socket(family=socket.AF_INET)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    listening.setblocking(False)
    port = listening.getsockname()[1]
    one = uvicorn.Server(uvicorn.Config(_answers, lifespan="off", log_level="error"))
    task = asyncio.ensure_future(one.serve(sockets=[listening]))
    while not one.started:
        await asyncio.sleep(0.01)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readuntil(b"200")
    found = [connection.transport.get_extra_info("socket") for connection in one.server_state.connections]
    told = [socket.socket(fileno=socket.dup(one.fileno())) for one in found]
    writer.close()
    one.should_exit = True
    await task
    return told


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.__module__.split(".")[0])
def test_connections_send_at_once(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    server.send_at_once()
    server.send_at_once()
    with asyncio.Runner(loop_factory=loop) as runner:
        found = runner.run(_accepted())
    assert len(found) == 1
    for one in found:
        assert one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        one.close()
