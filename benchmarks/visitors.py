"""Visitors of the app without a browser: they speak with the server as a browser's script does.

Streamlit's own messages (protocol buffers) go over one websocket for each visitor: a full run when
a page is opened, a run of the fragment that a moved slider stands in, the runs that a fragment with
a clock asks for by itself, and every picture that a run names is fetched from the media endpoint.
"""

import asyncio
import contextlib
import random
import re
import time
import urllib.parse
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import ClientConnection

Result = TypeVar("Result")

# Whoever waits longer than that for an answer gives up, and counts it as unanswered.
PATIENCE = 60.0

_MEDIA = re.compile(rb"/media/[0-9a-f]{16,}\.\w+")
_ENDED_WELL = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


@dataclass(slots=True, eq=False)
class Visitor:
    """One open tab.

    Attributes
    ----------
    sliders : dict
        By their ids, with the fragment that each stands in (empty outside of all).
    moved : dict
        Values that differ from the page's own, by the ids of sliders: a number, or an option.
    errors : list of str
        What a page showed instead of its pictures because something went wrong inside.
    pictures : set of str
        Addresses of all pictures that were fetched.
    named : set of str
        Addresses of the pictures that came with the last answer; each tells the picture's bytes.
    bars : set of str
        All that progress bars have said on this page.
    """

    address: str
    connection: ClientConnection
    cookie: str = ""
    page: str = ""
    query: str = ""
    sliders: dict[str, tuple[Slider, str]] = field(default_factory=dict)
    moved: dict[str, float | str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    bars: set[str] = field(default_factory=set)
    _script: str = ""
    _clocks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _ended: asyncio.Queue[tuple[str, ...]] = field(default_factory=asyncio.Queue)
    _wanted: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    _line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None


def run(visits: Coroutine[Any, Any, Result]) -> Result:
    """Run visits in a thread of their own: in this one, a browser's loop may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, visits).result()


@contextlib.asynccontextmanager
async def visitor(address: str, cookie: str = "") -> AsyncIterator[Visitor]:
    """Open a tab at `address` (`http://127.0.0.1:…`), and close it at the end."""
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    async with websockets.connect(
        stream,
        subprotocols=[websockets.Subprotocol("streamlit")],
        additional_headers={"Cookie": cookie} if cookie else None,
        max_size=None,
    ) as connection:
        one = Visitor(address, connection, cookie)
        tasks = [asyncio.create_task(_listen(one)), asyncio.create_task(_fetch_pictures(one))]
        try:
            yield one
        finally:
            for task in [*tasks, *one._clocks.values()]:
                task.cancel()
            _hang_up(one)


async def open_page(one: Visitor, page: str, query: str = "") -> float:
    """Go to a page, and return the seconds until all of it is there with its pictures.

    Raises
    ------
    TimeoutError
        After `PATIENCE` seconds.
    """
    one.page, one.query, one._script = page, query, ""
    one.sliders.clear()
    one.moved.clear()
    one.bars.clear()
    _stop_clocks(one)
    return await _ask(one, fragment="")


async def move_a_slider(one: Visitor, chance: random.Random) -> float:
    """Move one slider of the page, as if drawn from a hat; return the seconds as `open_page`."""
    slider, fragment = one.sliders[chance.choice(sorted(one.sliders))]
    stops = round((slider.max - slider.min) / slider.step)
    stop = chance.randint(0, stops)
    is_number = slider.type == Slider.SLIDER
    one.moved[slider.id] = slider.min + slider.step * stop if is_number else slider.options[stop]
    return await _ask(one, fragment)


async def until_said(one: Visitor, text: str, patience: float = 2 * PATIENCE) -> None:
    """Wait until a progress bar has said this.

    Raises
    ------
    TimeoutError
        After `patience` seconds.
    """
    async with asyncio.timeout(patience):
        while text not in one.bars:
            await asyncio.sleep(0.02)


async def _ask(one: Visitor, fragment: str) -> float:
    while not one._ended.empty():
        one._ended.get_nowait()
    one.named.clear()
    begun = time.perf_counter()
    await one.connection.send(_message(one, fragment))
    async with asyncio.timeout(PATIENCE):
        # A run of another fragment may end meanwhile: that of a clock.
        while not _answers(await one._ended.get(), fragment):
            pass
        await one._wanted.join()
    return time.perf_counter() - begun


def _answers(run: tuple[str, ...], fragment: str) -> bool:
    # A full run that a page asked for answers everything.
    return not run or fragment in run


def _message(one: Visitor, fragment: str, *, by_clock: bool = False) -> bytes:
    message = BackMsg()
    state = message.rerun_script
    # A page is asked for by its name, and then by what the server calls its script.
    state.page_name, state.page_script_hash = "" if one._script else one.page, one._script
    state.query_string = one.query
    state.fragment_id, state.is_auto_rerun = fragment, by_clock
    state.context_info.url = f"{one.address}/{one.page}"
    for identity, value in one.moved.items():
        widget = state.widget_states.widgets.add(id=identity)
        if isinstance(value, str):
            widget.string_array_value.data.append(value)
        else:
            widget.double_array_value.data.append(value)
    return message.SerializeToString()


async def _listen(one: Visitor) -> None:
    async for data in one.connection:
        assert isinstance(data, bytes)
        for address in set(_MEDIA.findall(data)):
            one._wanted.put_nowait(address.decode())
        message = ForwardMsg.FromString(data)
        _take(one, message)


def _take(one: Visitor, message: ForwardMsg) -> None:
    match message.WhichOneof("type"):
        case "new_session":
            again = set(message.metadata.run.fragment_ids)
            if not again:
                _stop_clocks(one)
            # What the run does not draw is gone.
            for identity, (_, fragment) in list(one.sliders.items()):
                if not again or fragment in again:
                    del one.sliders[identity]
        case "navigation":
            one._script = message.navigation.page_script_hash
        case "script_finished" if message.script_finished in _ENDED_WELL:
            one._ended.put_nowait(tuple(message.metadata.run.fragment_ids))
        case "auto_rerun":
            clock = _run_by_clock(one, message.auto_rerun.fragment_id, message.auto_rerun.interval)
            _stop_clock(one, message.auto_rerun.fragment_id)
            one._clocks[message.auto_rerun.fragment_id] = asyncio.create_task(clock)
        case "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                _stop_clock(one, fragment)
        case "delta" if message.delta.WhichOneof("type") == "new_element":
            _take_element(one, message)


def _take_element(one: Visitor, message: ForwardMsg) -> None:
    element = message.delta.new_element
    match element.WhichOneof("type"):
        case "exception":
            one.errors.append(f"{element.exception.type}: {element.exception.message}")
        case "imgs":
            one.named.update(image.url for image in element.imgs.imgs)
        case "progress":
            one.bars.add(element.progress.text)
        case "slider" if not element.slider.disabled:
            one.sliders[element.slider.id] = element.slider, message.delta.fragment_id
            if element.slider.set_value:
                set_to = element.slider.raw_value or element.slider.value
                one.moved[element.slider.id] = set_to[0]


async def _run_by_clock(one: Visitor, fragment: str, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        await one.connection.send(_message(one, fragment, by_clock=True))


def _stop_clocks(one: Visitor) -> None:
    for fragment in list(one._clocks):
        _stop_clock(one, fragment)


def _stop_clock(one: Visitor, fragment: str) -> None:
    clock = one._clocks.pop(fragment, None)
    if clock is not None:
        clock.cancel()


async def _fetch_pictures(one: Visitor) -> None:
    while True:
        path = await one._wanted.get()
        if path not in one.pictures:
            problem = await _fetched(one, path)
            if problem:
                one.errors.append(f"{path}: {problem}")
            one.pictures.add(path)
        one._wanted.task_done()


async def _fetched(one: Visitor, path: str) -> str:
    """Fetch a picture, and return what went wrong, if anything.

    As a browser does, over the connection of the picture before. The server closes one that rests
    for some seconds: then over a new one.
    """
    if one._line is not None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            return await _over_the_line(one, path)
        _hang_up(one)
    host = urllib.parse.urlsplit(one.address)
    one._line = await asyncio.open_connection(host.hostname, host.port)
    try:
        return await _over_the_line(one, path)
    except (OSError, asyncio.IncompleteReadError):
        return "cut short"


async def _over_the_line(one: Visitor, path: str) -> str:
    assert one._line is not None
    reader, writer = one._line
    host = urllib.parse.urlsplit(one.address).netloc
    cookie = f"Cookie: {one.cookie}\r\n" if one.cookie else ""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    if length is None:
        _hang_up(one)
        return f"{head.splitlines()[0].decode()}, without a length"
    await reader.readexactly(int(length[1]))
    return "" if head.startswith(b"HTTP/1.1 200") else head.splitlines()[0].decode()


def _hang_up(one: Visitor) -> None:
    if one._line is not None:
        one._line[1].close()
        one._line = None
