"""Whether this processor convolves faster in bfloat16 than in float32: measured, once."""

import time
from functools import lru_cache
from typing import Any, Literal

Precision = Literal["float32", "bfloat16"]

# A convolution of the middle of VGG16: large enough to tell, small enough not to be felt.
_MAP, _KERNEL = (2, 64, 64, 64), (3, 3, 64, 64)
_ROUNDS = 5

# bfloat16 has 8 significant bits instead of 24. It must save enough to pay for that.
_WORTHWHILE = 0.8


@lru_cache(maxsize=1)
def fastest_precision() -> Precision:
    """Return "bfloat16" where a convolution takes at most 0.8 of its time in float32.

    Processors with AMX or AVX512-BF16 multiply bfloat16 numbers several times as fast; others must
    convert them at every step. Both types take turns, and the quickest round of each counts.
    """
    import tensorflow as tf

    types = (tf.float32, tf.bfloat16)
    arrays = [(tf.ones(_MAP, dtype), tf.ones(_KERNEL, dtype)) for dtype in types]
    # The first round chooses algorithms and allocates.
    rounds = [[_seconds(*pair) for pair in arrays] for _ in range(_ROUNDS + 1)][1:]
    single, half = (min(times) for times in zip(*rounds, strict=True))
    return "bfloat16" if half < _WORTHWHILE * single else "float32"


def _seconds(maps: Any, kernel: Any) -> float:
    import tensorflow as tf

    start = time.perf_counter()
    # Reading one number waits for the result.
    tf.nn.conv2d(maps, kernel, 1, "SAME")[0, 0, 0, 0].numpy()
    return time.perf_counter() - start
