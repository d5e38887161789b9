"""The checkpoint reader gives the numbers back, and runs nothing that a file asks for."""

import os
import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core.networks import torch_pickle
from cnnviz_core.networks.torch_pickle import read_tensors

STORAGE_NAMES = {dtype: name for name, dtype in torch_pickle.STORAGE_DTYPES.items()}
HEADER = (
    pickle.dumps(torch_pickle.MAGIC_NUMBER, 2)
    + pickle.dumps(torch_pickle.PROTOCOL_VERSION, 2)
    + pickle.dumps({"protocol_version": 1001, "little_endian": True}, 2)
)


def text(value: str) -> bytes:
    return pickle.BINUNICODE + struct.pack("<I", len(value.encode())) + value.encode()


def number(value: int) -> bytes:
    return pickle.dumps(value, 2)[2:-1]


def numbers(values: tuple[int, ...]) -> bytes:
    return pickle.MARK + b"".join(map(number, values)) + pickle.TUPLE


def tensor(
    key: str,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    *,
    storage: str = "FloatStorage",
    count: int,
    offset: int = 0,
) -> bytes:
    """Write the opcodes with which PyTorch describes a tensor."""
    persistent = (
        pickle.MARK
        + text("storage")
        + pickle.GLOBAL
        + f"torch\n{storage}\n".encode()
        + text(key)
        + text("cpu")
        + number(count)
        + pickle.NONE
        + pickle.TUPLE
        + pickle.BINPERSID
    )
    arguments = persistent + number(offset) + numbers(shape) + numbers(strides)
    hooks = pickle.GLOBAL + b"collections\nOrderedDict\n" + pickle.EMPTY_TUPLE + pickle.REDUCE
    return (
        pickle.GLOBAL
        + b"torch._utils\n_rebuild_tensor_v2\n"
        + pickle.MARK
        + arguments
        + pickle.NEWFALSE
        + hooks
        + pickle.TUPLE
        + pickle.REDUCE
    )


def dictionary(items: dict[str, bytes]) -> bytes:
    body = b"".join(text(name) + value for name, value in items.items())
    return pickle.PROTO + b"\x02" + pickle.EMPTY_DICT + pickle.MARK + body + b"u."


def strides_of(array: npt.NDArray[Any]) -> tuple[int, ...]:
    return tuple(step // array.itemsize for step in array.strides)


def checkpoint(arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    described = {
        name: tensor(
            name,
            array.shape,
            strides_of(array),
            storage=STORAGE_NAMES[array.dtype.str],
            count=array.size,
        )
        for name, array in arrays.items()
    }
    storages = b"".join(
        struct.pack("<q", array.size) + array.tobytes("A") for array in arrays.values()
    )
    return HEADER + dictionary(described) + pickle.dumps(list(arrays), 2) + storages


def with_payload(payload: bytes) -> bytes:
    return HEADER + payload + pickle.dumps([], 2)


@settings(deadline=None, max_examples=30)
@given(
    shape=st.lists(st.integers(1, 4), max_size=4).map(tuple),
    dtype=st.sampled_from(sorted(STORAGE_NAMES)),
    order=st.sampled_from("CF"),
    seed=st.integers(0, 99),
)
def test_tensors_come_back_as_they_were_written(shape, dtype, order, seed):
    values = np.random.default_rng(seed).integers(0, 2, shape).astype(dtype, order=order)
    other = np.arange(3, dtype="<f4")
    tensors = read_tensors(checkpoint({"a": values, "b": other}))
    np.testing.assert_array_equal(tensors["a"], values)
    np.testing.assert_array_equal(tensors["b"], other)
    assert tensors["a"].dtype == values.dtype


def test_tensors_cannot_be_written_to():
    tensors = read_tensors(checkpoint({"a": np.zeros(3, "<f4")}))
    with pytest.raises(ValueError, match="read-only"):
        tensors["a"][0] = 1


class Calls:
    """Pickles to a call of `function`."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def test_a_file_cannot_run_a_command(tmp_path: Path):
    target = tmp_path / "written"
    payload = pickle.dumps({"a": Calls(os.system, f"touch {target}")}, 2)
    pickle.loads(payload)  # noqa: S301 - shows that the payload works where nothing stops it
    assert target.exists()
    target.unlink()
    with pytest.raises(ValueError, match=r"asks for (posix|nt)\.system"):
        read_tensors(with_payload(payload))
    assert not target.exists()


@pytest.mark.parametrize(
    "payload",
    [
        b"c__builtin__\neval\n(X\x03\x00\x00\x001+1tR.",
        b"cbuiltins\neval\n(X\x03\x00\x00\x001+1tR.",
        b"cbuiltins\ngetattr\n(ccollections\nOrderedDict\nX\x09\x00\x00\x00__class__tR.",
        b"\x80\x04\x8c\x0bcollections\x8c\x14OrderedDict.__base__\x93.",
        b"\x80\x04\x8c\x05torch\x8c\x0b_utils.math\x93.",
        b"(S'touch x'\nios\nsystem\n.",
        b"ctorch._utils\n_rebuild_tensor_v3\n.",
        b"ctorch\nload\n.",
        b"cnumpy\nload\n.",
        b"cpickle\nloads\n.",
        b"(cos\nsystem\nX\x01\x00\x00\x00xo.",
        b"\x80\x02\x82\x01.",
    ],
)
def test_whatever_else_a_file_asks_for_is_refused(payload: bytes):
    with pytest.raises(ValueError, match=r"asks for|cannot be read"):
        read_tensors(with_payload(payload))


def test_tensors_may_not_be_ordinary_objects():
    with pytest.raises(ValueError, match="'a' is none"):
        read_tensors(with_payload(pickle.dumps({"a": OrderedDict()}, 2)))


def test_storage_types_are_no_functions():
    called = b"ctorch\nFloatStorage\n(I9\ntR."
    with pytest.raises(ValueError, match="cannot be read"):
        read_tensors(with_payload(called))


@pytest.mark.parametrize(
    ("shape", "strides", "offset"),
    [
        ((10**9, 10**9), (0, 0), 0),
        ((2, 2), (1, 1), 0),
        ((4,), (1,), 1),
        ((4,), (1,), -1),
        ((-4,), (1,), 0),
        ((2, 2), (2,), 0),
    ],
)
def test_tensors_that_reach_outside_their_numbers_are_refused(shape, strides, offset):
    described = tensor("a", shape, strides, count=4, offset=offset)
    data = HEADER + dictionary({"a": described}) + pickle.dumps(["a"], 2)
    with pytest.raises(ValueError, match=r"plain block|beyond its storage"):
        read_tensors(data + struct.pack("<q4f", 4, 0, 0, 0, 0))


def test_a_storage_cannot_claim_more_than_the_file_holds():
    data = HEADER + dictionary({"a": tensor("a", (9**9,), (1,), count=9**9)})
    with pytest.raises(ValueError, match="cut short"):
        read_tensors(data + pickle.dumps(["a"], 2) + struct.pack("<q", 9**9))


@settings(deadline=None, max_examples=60)
@given(length=st.integers(0, 10**6))
def test_a_file_cut_anywhere_is_refused(length):
    data = checkpoint({"a": np.arange(6, dtype="<f4").reshape(2, 3)})
    with pytest.raises(ValueError, match="data"):
        read_tensors(data[: length % len(data)])


@settings(deadline=None, max_examples=100)
@given(junk=st.binary(max_size=60))
def test_junk_is_refused(junk):
    with pytest.raises(ValueError, match="data"):
        read_tensors(with_payload(junk))


def test_a_zip_archive_is_named_as_such():
    with pytest.raises(ValueError, match="zip"):
        read_tensors(b"PK\x03\x04")
