"""The guard itself works, in this process and in one that a test starts."""

import os
import subprocess
import sys
from pathlib import Path

from tests.guard.outside import guarded_environment


def test_a_started_process_cannot_reach_outside_and_the_attempt_is_written_down(tmp_path: Path) -> None:
    attempts = tmp_path / "outside.log"
    code = "import socket; socket.create_connection(('198.51.100.7', 80), timeout=1)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | guarded_environment(attempts),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "OutsideConnectionError" in done.stderr
    assert "198.51.100.7" in attempts.read_text()
