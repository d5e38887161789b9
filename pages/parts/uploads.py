"""What visitors upload: counted for each session, within a bound, and forgotten once it is read.

Streamlit 1.67 bounds each file alone, and keeps it until its session ends or the browser asks to
drop it. What it takes to do more is kept to itself, all of it here.
"""

from typing import Any
from weakref import WeakSet

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from pages.parts.texts import _

# A picture, a photo and a network may wait to be read at the same moment; no browser of ours lets
# more than that wait.
MAX_WAITING = 3
# The traces of files that were read, and of those that were refused.
MAX_FILES = 100

_REFUSED = "application/x-cnnviz-refused"
_counted: WeakSet[MemoryUploadedFileManager] = WeakSet()


def count() -> None:
    """Have the uploads of all sessions counted from now on; later calls do nothing."""
    manager = _manager()
    if not isinstance(manager, MemoryUploadedFileManager) or manager in _counted:
        return
    _counted.add(manager)
    add = manager.add_file

    def add_within_bounds(session_id: str, file: UploadedFileRec) -> None:
        # A slow upload may end when its session has gone, and nobody would forget it any more.
        if not get_instance().is_active_session(session_id):
            return
        others = [one for one in _files(manager, session_id) if one.file_id != file.file_id]
        if len(others) >= MAX_FILES:
            return
        waiting = sum(len(one.data) for one in others) + len(file.data)
        is_too_much = waiting > MAX_WAITING * max_bytes()
        add(session_id, file._replace(data=b"", type=_REFUSED) if is_too_much else file)

    manager.add_file = add_within_bounds  # type: ignore[method-assign]


def max_bytes() -> int:
    """Return how large a file may be."""
    return int(st.get_option("server.maxUploadSize")) * 2**20


def content(file: UploadedFile) -> bytes:
    """Return the bytes of a file, of which nothing is left for later.

    Raises
    ------
    ValueError
        If it was refused, or is not there: the server may have started anew meanwhile.
    """
    if not isinstance(file, UploadedFile):
        raise ValueError(_("This file is not on the server any more. Choose it again."))
    if file.type == _REFUSED:
        raise ValueError(
            _(
                "Too much of yours is waiting here: at most {count} files of {size} MB. Reload the "
                "page, and choose the file again."
            ).format(count=MAX_WAITING, size=max_bytes() // 2**20)
        )
    data = file.getvalue()
    file.truncate(0)
    context, manager = get_script_run_ctx(), _manager()
    if context is not None and manager is not None:
        manager.add_file(
            context.session_id, UploadedFileRec(file.file_id, file.name, file.type, b"")
        )
    return data


def _manager() -> Any:
    context = get_script_run_ctx()
    return None if context is None else context.uploaded_file_mgr


def _files(manager: MemoryUploadedFileManager, session_id: str) -> list[UploadedFileRec]:
    return [*manager.file_storage.get(session_id, {}).values()]
