"""Read the tensors of a PyTorch checkpoint as data, without PyTorch and without running anything.

A checkpoint of the old layout (before PyTorch 1.6) is five pickles in a row: a magic number, the
protocol version, the writer's number sizes, the dictionary of tensors, and the order of the
storages. After them come the storages: a 64-bit count and the raw numbers.

Pickle is a small programming language and can call whatever it can import. This reader lets it
import three things: `OrderedDict`, the tensor constructor (ours, which only notes the shape), and
the names of storage types (which become NumPy dtypes). Everything else is refused.
"""

import io
import math
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

# torch.serialization.MAGIC_NUMBER and PROTOCOL_VERSION, which open every checkpoint of this layout.
MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001

STORAGE_DTYPES: Mapping[str, str] = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "|i1",
    "ByteStorage": "|u1",
    "BoolStorage": "|b1",
}


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]
    count: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    axes: tuple[int, ...]  # in the order in which the storage runs through them


def read_tensors(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """Return the tensors of a checkpoint by name.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    dict of str to ndarray
        Read-only views of `data`.

    Raises
    ------
    ValueError
        If the file is no checkpoint of the old layout, is cut short, or asks for anything but
        tensors.
    """
    if data[:2] == b"PK":
        raise ValueError(
            "data must be a checkpoint of PyTorch's old layout, but came as a zip archive. "
            "Save it with _use_new_zipfile_serialization=False."
        )
    stream = io.BytesIO(data)
    if _read_pickle(stream) != MAGIC_NUMBER or _read_pickle(stream) != PROTOCOL_VERSION:
        raise ValueError("data must be a PyTorch checkpoint, but does not begin like one.")
    system = _read_pickle(stream)
    if not isinstance(system, dict) or system.get("little_endian") is not True:
        raise ValueError("data must be written on a little-endian machine, but was not.")
    tensors = _read_pickle(stream)
    order = _read_pickle(stream)
    if not isinstance(tensors, dict) or not isinstance(order, list):
        raise ValueError("data must hold a dictionary of tensors, but holds something else.")
    described = {name: _require_tensor(name, tensor) for name, tensor in tensors.items()}
    dtypes = {tensor.storage.key: tensor.storage.dtype for tensor in described.values()}
    storages = _read_storages(data, stream.tell(), order, dtypes)
    return {name: _view(name, tensor, storages) for name, tensor in described.items()}


class _TensorUnpickler(pickle.Unpickler):
    # pickle offers no other way to choose what may be imported than to override these two methods.

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _describe_tensor
        if module == "torch" and name in STORAGE_DTYPES:
            return np.dtype(STORAGE_DTYPES[name])
        raise ValueError(f"it asks for {module}.{name}, which a file of tensors has no need of.")

    def persistent_load(self, pid: Any) -> _Storage:
        match pid:
            case ("storage", np.dtype() as dtype, str() as key, str(), int() as count, None):
                return _Storage(key, dtype, count)
        raise ValueError("it refers to something that is not a storage of numbers.")


def _describe_tensor(
    storage: _Storage,
    offset: int,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    requires_grad: bool,
    hooks: object,
) -> _Tensor:
    # Only a plain block with its axes in some order: steps of zero would let a few bytes claim to
    # be gigabytes.
    if len(strides) != len(shape) or hooks or min((offset, *shape, *strides), default=0) < 0:
        raise ValueError("a tensor is not a plain block of numbers.")
    axes = tuple(sorted(range(len(shape)), key=lambda axis: (-strides[axis], -shape[axis])))
    block = [shape[axis] for axis in axes]
    steps = [math.prod(block[place + 1 :]) for place in range(len(block))]
    if any(shape[a] > 1 and strides[a] != step for a, step in zip(axes, steps, strict=True)):
        raise ValueError("a tensor is not a plain block of numbers.")
    if offset + math.prod(shape) > storage.count:
        raise ValueError("a tensor reaches beyond its storage.")
    return _Tensor(storage, offset, shape, axes)


def _read_pickle(stream: io.BytesIO) -> object:
    try:
        return _TensorUnpickler(stream).load()
    except Exception as error:
        # A damaged pickle fails in any way (KeyError, EOFError, MemoryError, …): all mean the same.
        reason = f"data must be a checkpoint of tensors, but cannot be read: {error}"
        raise ValueError(reason) from error


def _require_tensor(name: object, tensor: object) -> _Tensor:
    if not isinstance(name, str) or not isinstance(tensor, _Tensor):
        raise ValueError(f"data must hold named tensors only, but {name!r} is none.")
    return tensor


def _read_storages(
    data: bytes, start: int, order: list[Any], dtypes: Mapping[str, np.dtype[Any]]
) -> dict[str, npt.NDArray[Any]]:
    storages = {}
    for key in order:
        if key not in dtypes:
            raise ValueError(f"data holds a storage that no tensor uses: {key!r}.")
        count = int.from_bytes(data[start : start + 8], "little", signed=True)
        start += 8
        end = start + count * dtypes[key].itemsize
        if count < 0 or end > len(data):
            raise ValueError("data is cut short: a storage reaches beyond the end of the file.")
        storages[key] = np.frombuffer(data, dtypes[key], count, start)
        start = end
    return storages


def _view(name: str, tensor: _Tensor, storages: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
    numbers = storages.get(tensor.storage.key)
    end = tensor.offset + math.prod(tensor.shape)
    if numbers is None or end > numbers.size:
        raise ValueError(f"data is cut short: the numbers of {name!r} are missing.")
    block = numbers[tensor.offset : end].reshape([tensor.shape[axis] for axis in tensor.axes])
    return block.transpose(np.argsort(tensor.axes))
