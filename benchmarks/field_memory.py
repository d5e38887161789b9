"""How much memory measuring an effective field takes for a moment, in VGG16's last layer.

    .venv/bin/python -m benchmarks.field_memory

Each way runs in a process of its own, with the bundled networks loaded and used, as in the app:
the whole network at once, and as we do it. Both with TensorFlow's own kernels, which processors
without AVX-512 get, and with those of oneDNN. Linux only: read from `/proc`.
"""

import gc
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.memory import megabytes
from cnnviz_core import images, networks
from cnnviz_core.inspection import feature_maps
from cnnviz_core.inspection.effective_fields import effective_field
from tests.inspection.test_partial_runs import in_one_piece

LAYER, UNIT = "block5_conv3", (7, 7)
WAYS = (in_one_piece, effective_field)


def in_a_thread(task: Callable[[], object]) -> None:
    """Run as a page's script does: threads have memory pools of their own."""
    thread = threading.Thread(target=task)
    thread.start()
    thread.join()


def measure(way: Callable[..., object]) -> tuple[float, float]:
    """Return how far resident memory rises at its highest, in megabytes, and the seconds taken."""
    cat = images.sample("cat")
    kept = []
    for info in networks.available()[:2]:
        network = networks.load(info.key)
        in_a_thread(lambda network=network: kept.append(feature_maps.all_layers(network, cat)))  # type: ignore[misc]
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
    before, _ = megabytes(os.getpid())
    start = time.perf_counter()
    in_a_thread(lambda: way(network, cat, LAYER, *UNIT))
    seconds = time.perf_counter() - start
    _, highest = megabytes(os.getpid())
    return highest - before, seconds


def main() -> None:
    """Print both ways side by side, and how many times less memory ours takes."""
    print(f"{'':8} {'at once':>16} {'in bands':>16}")
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    for name, option in [("oneDNN", "1"), ("without", "0")]:
        os.environ["TF_ENABLE_ONEDNN_OPTS"] = option
        results = []
        for way in WAYS:
            with multiprocessing.get_context("spawn").Pool(1) as process:
                results.append(process.apply(measure, (way,)))
        columns = " ".join(f"{rise:6.0f} MB {seconds:5.1f} s" for rise, seconds in results)
        print(f"{name:8} {columns}   {results[0][0] / results[1][0]:.1f} times less")


if __name__ == "__main__":
    main()
