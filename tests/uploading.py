"""A browser's part in an upload, on a real server: its session, its tokens, and its messages."""

import contextlib
import http.client
import urllib.parse
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 60.0
NAME = "cat.png"


@dataclass(slots=True, eq=False)
class Tab:
    """An open page: its session, where it takes files, and what it says went wrong."""

    address: str
    connection: ClientConnection
    session: str = ""
    uploader: str = ""
    said: list[str] = field(default_factory=list)


@contextlib.contextmanager
def tab(address: str, query: str = "source=Upload", origin: str | None = None) -> Iterator[Tab]:
    """Open the home page, and close it at the end."""
    with connect(
        address.replace("http", "ws", 1) + "/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        origin=None if origin is None else Origin(origin),
        max_size=None,
    ) as connection:
        one = Tab(address, connection)
        message = BackMsg()
        message.rerun_script.query_string = query
        _ask(one, message)
        yield one


def token(address: str) -> str:
    """Return what the server gives a browser to prove that it is no other site's page."""
    host = urllib.parse.urlsplit(address)
    asked = http.client.HTTPConnection(host.hostname or "", host.port, timeout=PATIENCE)
    asked.request("GET", "/_stcore/health")
    cookie = asked.getresponse().getheader("Set-Cookie") or ""
    asked.close()
    return cookie.partition("_streamlit_xsrf=")[2].partition(";")[0]


def put(
    one: Tab, data: bytes, headers: Mapping[str, str], name: str = "cat.png"
) -> tuple[int, str]:
    """Upload a file, and return the server's answer and the identity of the file."""
    host = urllib.parse.urlsplit(one.address)
    file_id, boundary = str(uuid.uuid4()), "cnnviz-boundary"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{NAME}"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    asked = http.client.HTTPConnection(host.hostname or "", host.port, timeout=PATIENCE)
    content = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    path = f"/_stcore/upload_file/{one.session}/{file_id}"
    asked.request("PUT", path, body, {**content, **headers})
    status = asked.getresponse().status
    asked.close()
    return status, file_id


def own_headers(address: str) -> dict[str, str]:
    """Return what the app's own page sends along with a file."""
    found = token(address)
    return {"X-Xsrftoken": found, "Cookie": f"_streamlit_xsrf={found}"}


def choose(one: Tab, file_id: str) -> None:
    """Tell the page that this file has been uploaded, and wait until it has run."""
    message = BackMsg()
    message.rerun_script.query_string = "source=Upload"
    widget = message.rerun_script.widget_states.widgets.add(id=one.uploader)
    file = widget.file_uploader_state_value.uploaded_file_info.add(file_id=file_id, name=NAME)
    file.file_urls.file_id = file_id
    _ask(one, message)


def _ask(one: Tab, message: BackMsg) -> None:
    one.said.clear()
    one.connection.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(one.connection.recv(PATIENCE))  # type: ignore[arg-type]
        match answer.WhichOneof("type"):
            case "new_session":
                one.session = answer.new_session.initialize.session_id or one.session
            case "delta" if answer.delta.WhichOneof("type") == "new_element":
                _take(one, answer.delta.new_element)
            case "script_finished" if not answer.metadata.run.fragment_ids:
                return


def _take(one: Tab, element: object) -> None:
    match element.WhichOneof("type"):  # type: ignore[attr-defined]
        case "file_uploader":
            one.uploader = element.file_uploader.id  # type: ignore[attr-defined]
        case "alert":
            one.said.append(element.alert.body)  # type: ignore[attr-defined]
        case "exception":
            one.said.append(element.exception.message)  # type: ignore[attr-defined]
