"""Workers on this machine: `python -m cnnviz_core.runtime.local_workers` runs them.

It writes the address of their scheduler, and ends with all of them when its standard input does:
when the server ends, in whatever way, the system closes that pipe.
"""

import logging
import os
import subprocess
import sys
from pathlib import Path

# Each uses all processors by itself. A second one goes on while the first loads a network, or is
# started anew; a third would cost another gigabyte.
NUM_WORKERS = 2

# Whoever moves a slider comes first: as `nice` counts, to 19. With 10, ascents hardly get on beside
# other programs.
NICENESS = 5

# Within so many seconds all of them have ended by themselves.
PATIENCE = 10.0

ROOT = Path(__file__).parents[2]


def start() -> tuple[subprocess.Popen[bytes], str]:
    """Start the process, and return it with the address of the scheduler.

    Takes seconds. Whoever starts it closes its standard input, and waits for it.

    Raises
    ------
    OSError
        If it ends before it has an address.
    """
    command = [sys.executable, "-m", "cnnviz_core.runtime.local_workers"]
    process = subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    address = process.stdout.readline().decode().strip() if process.stdout else ""
    if not address:
        stop(process)
        raise OSError("the workers on this machine could not be started")
    return process, address


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process, and with it all workers."""
    try:
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def main() -> None:
    """Run the workers until standard input ends."""
    from distributed import LocalCluster

    # What workers print must not get between: only the address goes to whoever reads.
    answers = os.dup(1)
    os.dup2(2, 1)
    os.nice(NICENESS)
    with LocalCluster(
        n_workers=NUM_WORKERS,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit=None,
        silence_logs=logging.CRITICAL,
        # Its port for health checks is 8787 otherwise, which another program may have.
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        preload=["cnnviz_core.runtime.pieces"],
    ) as cluster:
        os.write(answers, f"{cluster.scheduler_address}\n".encode())
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
