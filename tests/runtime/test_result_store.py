"""Results that are kept: found again, bounded, and never in anybody's way."""

import io
import logging
import os
import pickle
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnviz_core.runtime import result_store
from cnnviz_core.runtime.result_store import Store, get, name_of, put, store_of


def name(**parameters: Any) -> str:
    return name_of("test", network_key="none", parameters=parameters)


def some(value: int = 0, count: int = 100) -> dict[str, Any]:
    return {"pictures": np.full((count, 2, 5), value, np.float32), "step": np.int64(value)}


def assert_same(found: Any, expected: dict[str, Any]) -> None:
    assert found is not None
    assert set(found) == set(expected)
    for key, array in expected.items():
        np.testing.assert_array_equal(found[key], array)
        assert found[key].dtype == array.dtype


@pytest.fixture(params=["memory", "folder"])
def reopened(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A store, and how to look at it: itself, or another one as after a restart."""
    if request.param == "memory":
        store = Store()
        return store, lambda: store
    return Store(tmp_path), lambda: Store(tmp_path)


def test_what_is_kept_is_found(reopened):
    store, open_again = reopened
    assert get(store, name()) is None
    put(store, name(), some(3))
    put(store, name(other=1), some(4))
    assert_same(get(open_again(), name()), some(3))
    assert_same(get(open_again(), name(other=1)), some(4))
    put(store, name(), some(5))
    assert_same(get(open_again(), name()), some(5))


ARRAYS = st.dictionaries(
    st.text("abcxyz_", min_size=1, max_size=5),
    st.tuples(
        st.sampled_from(["uint8", "float32", "int64", "bool", "complex64", "<U3"]),
        st.lists(st.integers(0, 4), max_size=4),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=ARRAYS)
def test_any_plain_array_comes_back_as_it_was(kinds, tmp_path):
    arrays = {
        key: np.random.default_rng(0).integers(0, 2, (*shape, 2)).astype(dtype)[..., ::step]
        for key, (dtype, shape, is_odd) in kinds.items()
        for step in [-1 if is_odd else 1]
    }
    put(Store(tmp_path), name(), arrays)
    assert_same(get(Store(tmp_path), name()), arrays)


def test_what_comes_back_cannot_be_written_to_and_does_not_follow_its_source(reopened):
    store, open_again = reopened
    source = some(3)
    put(store, name(), source)
    source["pictures"][:] = 9
    found = get(open_again(), name())
    assert found is not None
    assert found["pictures"].max() == 3
    with pytest.raises(ValueError, match="read-only"):
        found["pictures"][:] = 1


def test_every_parameter_is_in_the_name():
    names = {
        name(),
        name(a=1),
        name(a=2),
        name(a="1"),
        name(a=True),
        name(a=None),
        name(a=1.5),
        name(a=(1, 2)),
        name(a=(2, 1)),
        name(b=1),
        name(a={"b": 1}),
        name_of("other", network_key="none", parameters={}),
        name_of("test", network_key="one", parameters={}),
    }
    assert len(names) == 13
    assert name(a=1, b=2) == name(b=2, a=1)
    assert name(a=(1, 2)) == name(a=[1, 2])
    assert all(len(one) == 64 for one in names)


def test_a_new_version_has_new_names(monkeypatch):
    before = name()
    monkeypatch.setattr(result_store, "VERSION", result_store.VERSION + 1)
    assert name() != before


def test_names_are_the_same_in_every_process():
    code = (
        "from cnnviz_core.runtime.result_store import name_of;"
        "print(name_of('test', network_key='none', parameters={'b': 0.1, 'a': 'é'}))"
    )
    other = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert other.stdout.strip() == name(a="é", b=0.1)


@pytest.mark.parametrize("value", [np.float32(1), object(), {1, 2}, b"x"])
def test_what_is_not_plain_makes_no_name(value):
    with pytest.raises(ValueError, match="parameters must be strings, numbers"):
        name(a=value)


def test_objects_are_refused():
    with pytest.raises(ValueError, match="'odd' holds Python objects"):
        put(Store(), name(), {"odd": np.array([object()])})


def test_the_folder_is_that_of_the_environment(tmp_path):
    assert store_of({"CNNVIZ_CACHE_DIR": str(tmp_path)}).folder == tmp_path
    assert store_of({"CNNVIZ_CACHE_DIR": "~/kept"}).folder == Path.home() / "kept"
    assert store_of({"CNNVIZ_CACHE_DIR": " "}).folder is None
    assert store_of({"HOME": "/"}).folder is None


def test_the_folder_is_made_when_it_is_needed(tmp_path):
    folder = tmp_path / "deep" / "down"
    store = Store(folder)
    assert get(store, name()) is None
    assert not folder.exists()
    put(store, name(), some())
    assert [path.name for path in folder.iterdir()] == [f"{name()}.npz"]


def test_numpy_opens_the_files_without_pickle(tmp_path):
    put(Store(tmp_path), name(), some(7))
    with np.load(tmp_path / f"{name()}.npz", allow_pickle=False) as file:
        assert_same(dict(file), some(7))


def cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


def one_bit_changed(data: bytes) -> bytes:
    place = data.index(b"\0\0\x40\x40") + 2
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def pickled(_: bytes) -> bytes:
    # An array that would run what it likes if pickles were allowed.
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("pictures.npy", "w") as member:
        header = {"descr": "|O", "fortran_order": False, "shape": (1,)}
        np.lib.format.write_array_header_1_0(member, header)
        member.write(pickle.dumps([1]))
    return buffer.getvalue()


def no_array(_: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("pictures.npy", b"nothing of the kind")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "damage", [cut_short, one_bit_changed, pickled, no_array, lambda _: b"", lambda _: b"\x93NUMPY"]
)
def test_a_damaged_file_is_ignored_and_replaced(damage, tmp_path):
    put(Store(tmp_path), name(), some(3))
    path = tmp_path / f"{name()}.npz"
    path.write_bytes(damage(path.read_bytes()))
    store = Store(tmp_path)
    assert get(store, name()) is None
    put(store, name(), some(3))
    assert_same(get(Store(tmp_path), name()), some(3))


def file_size(tmp_path: Path) -> int:
    put(Store(tmp_path / "probe"), name(), some())
    return (tmp_path / "probe" / f"{name()}.npz").stat().st_size


def ages(folder: Path, *names: str) -> None:
    """Make files as old as their places say, the first the oldest."""
    for place, one in enumerate(names):
        moment = time.time() - 1000 + place
        os.utime(folder / f"{one}.npz", (moment, moment))


def test_the_file_not_used_for_longest_goes_first(tmp_path):
    folder = tmp_path / "kept"
    store = Store(folder, disk_limit=3 * file_size(tmp_path) + 10)
    names = [name(number=number) for number in range(4)]
    for number in range(3):
        put(store, names[number], some(number))
    ages(folder, *names[:3])
    # Used again after a restart, the oldest is the newest.
    assert get(Store(folder), names[0]) is not None
    put(store, names[3], some(3))
    kept = [get(Store(folder), one) is not None for one in names]
    assert kept == [True, False, True, True]


def test_what_is_used_from_memory_stays_on_disk_too(tmp_path):
    folder = tmp_path / "kept"
    store = Store(folder, disk_limit=2 * file_size(tmp_path) + 10)
    names = [name(number=number) for number in range(3)]
    for number in range(2):
        put(store, names[number], some(number))
    ages(folder, *names[:2])
    assert get(store, names[0]) is not None
    put(store, names[2], some(2))
    assert [get(Store(folder), one) is not None for one in names] == [True, False, True]


def test_memory_is_bounded_too():
    size = some()["pictures"].nbytes + some()["step"].nbytes
    store = Store(memory_limit=2 * size)
    names = [name(number=number) for number in range(3)]
    for number in range(2):
        put(store, names[number], some(number))
    get(store, names[0])
    put(store, names[2], some(2))
    assert [get(store, one) is not None for one in names] == [True, False, True]
    put(store, names[1], some(1, count=201))
    assert get(store, names[1]) is None


def test_a_result_larger_than_all_that_may_be_kept_drives_no_other_out(tmp_path):
    folder = tmp_path / "kept"
    store = Store(folder, memory_limit=0, disk_limit=2 * file_size(tmp_path))
    put(store, name(a=1), some())
    put(store, name(a=2), some(count=1000))
    assert get(store, name(a=1)) is not None
    assert get(store, name(a=2)) is None


def test_files_of_others_are_let_alone(tmp_path):
    others = [tmp_path / "holiday.npz", tmp_path / "notes.part", tmp_path / ("a" * 64)]
    for path in others:
        path.write_bytes(b"x" * 1000)
        os.utime(path, (0, 0))
    (tmp_path / "folder.npz").mkdir()
    store = Store(tmp_path, disk_limit=file_size(tmp_path) + 10)
    put(store, name(a=1), some())
    put(store, name(a=2), some())
    assert all(path.exists() for path in others)
    assert get(Store(tmp_path), name(a=1)) is None


def test_what_a_crash_left_half_written_goes_after_an_hour(tmp_path):
    parts = [tmp_path / f"{name()}.{letter * 32}.part" for letter in "ab"]
    for path in parts:
        path.write_bytes(b"half")
    os.utime(parts[0], (time.time() - 4000,) * 2)
    put(Store(tmp_path), name(), some())
    assert [path.exists() for path in parts] == [False, True]


def test_a_folder_that_cannot_be_written_to_gives_one_warning(tmp_path, caplog):
    # A file stands where the folder should be: so it fails for the administrator as well.
    blocked = tmp_path / "blocked"
    blocked.write_bytes(b"")
    store = Store(blocked / "kept")
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            put(store, name(number=number), some(number))
    assert len(caplog.records) == 1
    assert str(blocked) in caplog.text
    assert_same(get(store, name(number=2)), some(2))


def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch, caplog):
    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    put(Store(tmp_path), name(), some())
    assert list(tmp_path.iterdir()) == []
    assert "No space left" in caplog.text


def test_readers_never_see_half_a_file(tmp_path):
    large = {"pictures": np.zeros((200, 50, 50), np.float32)}
    put(Store(tmp_path), name(), large)
    is_over = threading.Event()

    def write() -> None:
        while not is_over.is_set():
            put(Store(tmp_path), name(), large)

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write) for _ in range(2)]
        try:
            for _ in range(50):
                assert get(Store(tmp_path), name()) is not None
        finally:
            is_over.set()
        for writer in writers:
            writer.result(10)


def test_threads_may_share_a_store(tmp_path):
    store = Store(tmp_path, memory_limit=5000, disk_limit=20_000)

    def use(seed: int) -> None:
        random = np.random.default_rng(seed)
        for number in random.integers(0, 9, 30):
            found = get(store, name(number=int(number)))
            if found is None:
                put(store, name(number=int(number)), some(int(number)))
            else:
                assert_same(found, some(int(number)))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(use, seed) for seed in range(4)]:
            done.result(30)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000


DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from cnnviz_core.runtime.result_store import Store, get, put
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
store = Store(Path(sys.argv[1]))
for name in ("a" * 64, "b" * 64):
    put(store, name, {"pictures": np.ones((50, 50))})
    assert get(store, name)["pictures"].sum() == 2500
"""


def test_a_disk_that_takes_no_more_is_said_once_and_memory_goes_on(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", DISK, str(tmp_path)], check=True, capture_output=True, text=True
    )
    assert done.stderr.count("Results are not kept in") == 1
    assert list(tmp_path.iterdir()) == []


SERVER = """
import sys
from pathlib import Path
import numpy as np
from cnnviz_core.runtime.result_store import Store, get, put
folder, seed = Path(sys.argv[1]), int(sys.argv[2])
for number in np.random.default_rng(seed).integers(0, 12, 300):
    store = Store(folder, disk_limit=40_000)
    found = get(store, f"{number:064x}")
    if found is None:
        put(store, f"{number:064x}", {"number": np.full(1000, number, np.int32)})
    else:
        assert (found["number"] == number).all()
"""


def test_two_servers_may_share_a_folder(tmp_path):
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    servers = [
        subprocess.Popen([*command, str(seed)], stderr=subprocess.PIPE, text=True)
        for seed in range(2)
    ]
    for server in servers:
        _, said = server.communicate(timeout=60)
        assert (server.returncode, said) == (0, "")
    files = list(tmp_path.iterdir())
    assert all(len(path.stem) == 64 and path.suffix == ".npz" for path in files)
    assert 0 < sum(path.stat().st_size for path in files) <= 2 * 40_000
    assert all(get(Store(tmp_path), path.stem) is not None for path in files)


@pytest.mark.parametrize("jump", [-(10**8), 10**8])
def test_a_clock_that_jumps_costs_no_more_than_what_is_kept(jump, tmp_path, monkeypatch, caplog):
    folder = tmp_path / "kept"
    store = Store(folder, disk_limit=2 * file_size(tmp_path) + 10)
    put(store, name(number=0), some(0))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    os.utime(folder / f"{name(number=0)}.npz", (real() + jump, real() + jump))
    # Another server is writing: to a clock that is ahead, its file is abandoned.
    part = folder / f"{name(number=9)}.{'a' * 32}.part"
    part.write_bytes(b"half")
    for number in range(1, 4):
        put(store, name(number=number), some(number))
        assert_same(get(Store(folder), name(number=number)), some(number))
    assert part.exists() == (jump < 0)
    assert sum(path.suffix == ".npz" for path in folder.iterdir()) == 2
    assert caplog.text == ""


def test_a_half_written_file_that_another_server_has_taken_away_is_no_error(
    tmp_path, monkeypatch, caplog
):
    write = Path.write_bytes

    def write_and_lose(path: Path, data: bytes) -> int:
        count = write(path, data)
        path.unlink()
        return count

    monkeypatch.setattr(Path, "write_bytes", write_and_lose)
    store = Store(tmp_path)
    put(store, name(), some(3))
    assert_same(get(store, name()), some(3))
    assert "Results are not kept" in caplog.text
