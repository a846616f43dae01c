"""A visitor without a browser: Streamlit's protocol over a websocket, as its frontend speaks it. Knows no page of ours.

The handshake: the XSRF cookie of /_stcore/health goes back as cookie and as second entry of the sub-protocol, with the
page's own Host and Origin. A visit to a page is one BackMsg (rerun_script with address, query, the state of the pickers
and the hashes of what is kept from earlier answers); the answer is every ForwardMsg up to script_finished.
"""

from __future__ import annotations

import asyncio
import urllib.request
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from time import perf_counter
from typing import Self
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
_AGE = 2  # answers for which a large message is kept, as by the frontend
_COOKIE = "_streamlit_xsrf"


@dataclass
class Answer:
    """What came for one visit to a page."""

    seconds: float = 0.0  # from the message sent to script_finished received
    size: int = 0  # bytes that came
    elements: list[bytes] = field(default_factory=list)  # each as it stands, texts in UTF-8
    faults: list[str] = field(default_factory=list)
    pickers: dict[str, str] = field(default_factory=dict)  # label → widget id of each selectbox

    def says(self, text: str) -> bool:
        return any(text.encode() in one for one in self.elements)


class Visitor:
    """`async with Visitor(url) as one: answer = await one.go("unit", unit="c01")`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._kept: dict[str, tuple[int, bytes]] = {}  # hash → number of the answer that used it last, element
        self._answers = 0
        self._hashes: dict[str, str] = {}  # address of a page → its hash
        self._chosen: dict[str, str] = {}  # widget id → option

    async def __aenter__(self) -> Self:
        token = await asyncio.to_thread(_token, self.url)
        self._socket: ClientConnection = await connect(
            f"{self.url.replace('http', 'ws', 1)}/_stcore/stream",
            origin=self.url,  # type: ignore[arg-type]
            subprotocols=["streamlit", token],  # type: ignore[list-item]
            additional_headers={"Cookie": f"{_COOKIE}={token}"},
            max_size=None,
            proxy=None,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def go(self, page: str, **query: str) -> Answer:
        """To a page by a link, "" the first: the address decides what its pickers show."""
        return await self._run(page, query, True)

    async def choose(self, page: str, picker: str, option: str, **query: str) -> Answer:
        """Another option of a selectbox, by its widget id, on the page that is open."""
        self._chosen[picker] = option
        return await self._run(page, query, False)

    async def _run(self, page: str, query: dict[str, str], by_link: bool) -> Answer:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = urlencode(query)
        state.page_script_hash = self._hashes.get(page, "")
        state.page_name = "" if state.page_script_hash else page
        state.is_history_navigation = by_link
        state.context_info.url = f"{self.url}/{page}"
        state.context_info.locale = "zh-CN"
        state.context_info.timezone = "Asia/Shanghai"
        state.context_info.timezone_offset = -480
        state.cached_message_hashes.extend(self._kept)
        if not by_link:
            for picker, option in self._chosen.items():
                state.widget_states.widgets.add(id=picker, string_value=option)
        begun = perf_counter()
        await self._socket.send(message.SerializeToString())
        answer = Answer()
        while not await self._take(answer):
            pass
        answer.seconds = perf_counter() - begun
        self._answers += 1
        self._kept = {key: one for key, one in self._kept.items() if one[0] > self._answers - _AGE}
        return answer

    async def _take(self, answer: Answer) -> bool:
        """One message into the answer; whether it was the last."""
        data = await self._socket.recv()
        assert isinstance(data, bytes)
        answer.size += len(data)
        message = ForwardMsg.FromString(data)
        match message.WhichOneof("type"):
            case "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    answer.faults.append("compile error")
                return message.script_finished in FINISHED or bool(answer.faults)
            case "navigation":
                pages = message.navigation.app_pages
                self._hashes |= {("" if one.is_default else one.url_pathname): one.page_script_hash for one in pages}
            case "page_not_found":
                answer.faults.append(f"no such page: {message.page_not_found.page_name}")
            case "ref_hash":
                if message.ref_hash in self._kept:
                    self._keep(answer, message.ref_hash, self._kept[message.ref_hash][1])
                else:
                    answer.faults.append("a message was referred to that never came")
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                self._element(answer, message, data)
        return False

    def _element(self, answer: Answer, message: ForwardMsg, data: bytes) -> None:
        element = message.delta.new_element
        if element.HasField("exception"):
            answer.faults.append(element.exception.message)
        if element.HasField("alert") and element.alert.format == element.alert.ERROR:
            answer.faults.append(element.alert.body)
        if element.HasField("selectbox"):
            answer.pickers[element.selectbox.label] = element.selectbox.id
        if message.metadata.cacheable:
            self._keep(answer, message.hash, data)
        else:
            answer.elements.append(data)

    def _keep(self, answer: Answer, key: str, data: bytes) -> None:
        self._kept[key] = self._answers + 1, data
        answer.elements.append(data)


def _token(url: str) -> str:
    """The XSRF token, out of the cookie that every first answer sets."""
    with urllib.request.urlopen(f"{url}/_stcore/health", timeout=10) as answer:
        cookie = SimpleCookie(answer.headers.get("Set-Cookie", ""))
    return cookie[_COOKIE].value if _COOKIE in cookie else "PLACEHOLDER_AUTH_TOKEN"


def resident(url: str) -> float | None:
    """Megabytes of the process that serves the address, by its --server.port; None where there is no /proc."""
    port = url.rsplit(":", 1)[1]
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
            if b"--server.port" in words and port.encode() in words:
                lines = (path.parent / "status").read_text().splitlines()
                return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
        except OSError:
            continue
    return None
