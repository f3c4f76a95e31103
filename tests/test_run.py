"""`make test`: Ctrl-C stops all of it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.processes import alive
from tests.fixtures.shell import ROOT
from tests.test_up import wait_until_gone

# A check that starts a server with a group of its own, and a file that it does not come to remove.
CHECK = """
import subprocess, sys, tempfile, time
server = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
print("server", server.pid, tempfile.mkdtemp(), flush=True)
time.sleep(60)
"""
RUN = f"""
import signal, sys
from tests import run
for each in (signal.SIGINT, signal.SIGTERM):
    signal.signal(each, run.stopped)
run.PARTS = {{"slow": lambda tally: tally.check("slow", run.call(sys.executable, "-c", {CHECK!r}) == 0)}}
sys.exit(run.main([]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_leaves_nothing_and_says_so_in_a_sentence(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    while not (found := re.match(r"server (\d+) (.+)", line := process.stdout.readline())):
        assert line, "it ended before its check began"
    os.kill(process.pid, number)
    said = process.communicate(timeout=20)[0]
    assert process.returncode == 130
    assert said.strip() == "Stopped. Nothing of it is still running."
    assert wait_until_gone([int(found[1])], 5) and not alive(int(found[1]))
    assert not Path(found[2]).exists()
