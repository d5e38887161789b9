"""The steps of the Containerfile, taken in a folder of their own: no container engine is needed."""

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.browser.chromium import ROOT, free_port

pytestmark = pytest.mark.slow

STEPS = re.findall(
    r"^(FROM|WORKDIR|COPY|RUN|USER|ENV|EXPOSE|HEALTHCHECK CMD|CMD) (.+)$",
    (ROOT / "Containerfile").read_text(),
    re.MULTILINE,
)


def steps(kind: str) -> list[str]:
    """What stands behind a word of the Containerfile, line by line."""
    return [rest for word, rest in STEPS if word == kind]


def tracked() -> list[str]:
    """The files that a build copies: a clone has no others."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    return listed.stdout.splitlines()


def test_its_steps_make_an_app_that_says_it_is_healthy(tmp_path: Path) -> None:
    assert steps("COPY") == ["requirements.txt .", ". ."]
    for name in tracked():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    install, own_user = steps("RUN")
    assert own_user.startswith("useradd")
    subprocess.run(["sh", "-c", install], cwd=tmp_path, check=True)
    port = free_port()
    [start], [check] = map(json.loads, steps("CMD")), map(json.loads, steps("HEALTHCHECK CMD"))
    app = subprocess.Popen([*start, f"--server.port={port}"], cwd=tmp_path)
    try:
        check = [word.replace(steps("EXPOSE")[0], str(port)) for word in check]
        deadline = time.monotonic() + 60
        while subprocess.run(check, cwd=tmp_path, stderr=subprocess.DEVNULL).returncode:
            assert time.monotonic() < deadline
            time.sleep(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
            assert b"<title>" in page.read()
    finally:
        app.terminate()
        app.wait()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/")
