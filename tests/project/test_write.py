"""Whatever happens while the store is written, what lies there afterwards is a whole store.

Failures are real ones where the system can make them (a file size limit, a folder without
permission, SIGKILL), and put in the place of one system call where it can't.
"""

import errno
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cngen.diagnostics import CngenError
from cngen.project.writing import write_store
from tests.support.project import (
    RUN,
    STORE,
    STORE_HEAD,
    environment,
    run_child,
    run_cngen,
    run_python,
    write_project,
)

HEAD = STORE_HEAD
OLD = HEAD + "# the old store\n"
NEW = HEAD + "# the new store\n" + "x = 1\n" * 20_000
NOBODY = 65534

# Runs the command, killed just before the new store takes the place of the old one.
KILLED = """
import os, runpy, signal, sys

def hook(event, arguments):
    if event == "os.rename" and any("_generated_store" in str(path) for path in arguments):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
sys.argv = ["cngen", "build", "-C", sys.argv[1]]
runpy.run_module("cngen", run_name="__main__")
"""
# Runs the command under a limit on the size of files, which kills it in the middle of a write.
CUT_SHORT = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
sys.argv = ["cngen", "build", "-C", sys.argv[1]]
runpy.run_module("cngen", run_name="__main__")
"""
# Writes a store, and fails when it is to take the place of the old one.
FAILING = """
import errno, sys
from pathlib import Path
from cngen.diagnostics import CngenError
from cngen.project.writing import write_store

def hook(event, arguments):
    if event == "os.rename":
        raise {failure}

sys.addaudithook(hook)
try:
    write_store(Path(sys.argv[1]).parent, Path(sys.argv[1]).name, "new")
except CngenError as error:
    print(error)
except KeyboardInterrupt:
    print("^C")
"""
WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
from cngen.diagnostics import CngenError
from cngen.project.writing import write_store
if os.getuid() == 0:
    os.setgroups([])
    os.setgid({nobody})
    os.setuid({nobody})
try:
    write_store(Path(sys.argv[1]).parent, Path(sys.argv[1]).name, "new")
except CngenError as error:
    print(error)
"""
ALTERNATE = f"""
HEAD = {HEAD!r}
import sys
from pathlib import Path
from cngen.project.writing import write_store
for _ in range(150):
    for letter in "ab":
        write_store(Path(sys.argv[1]).parent, "store.py", HEAD + letter * 500_000)
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store from an earlier build, alone in its folder."""
    path = tmp_path / "store.py"
    path.write_text(OLD)
    return path


@pytest.fixture
def stale(tmp_path: Path) -> Path:
    """A project that was built, and edited since."""
    folder = write_project(tmp_path / "project", {"cn/run.py": RUN})
    result = run_cngen("build", "-C", str(folder))
    assert result.returncode == 0, result.stdout + result.stderr
    write_project(folder, {"cn/run.py": RUN.replace("10", "20")})
    return folder


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def limit_file_size() -> None:
    """A full disk, as the process sees it: Python ignores the signal, so the write fails."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))


# What is written


def test_new_store_is_written(tmp_path: Path) -> None:
    path = tmp_path / "store.py"

    assert write_store(path.parent, path.name, NEW) is True
    assert path.read_bytes() == NEW.encode()
    assert listing(tmp_path) == ["store.py"]


def test_text_is_utf_8_with_unix_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "store.py"

    write_store(path.parent, path.name, "# \u00e9 \u4f60\n")

    assert path.read_bytes() == "# \u00e9 \u4f60\n".encode()


def test_changed_store_is_replaced(store: Path) -> None:
    assert write_store(store.parent, store.name, NEW) is True
    assert store.read_text() == NEW


def test_same_store_is_not_touched(store: Path) -> None:
    os.utime(store, ns=(1, 1))

    assert write_store(store.parent, store.name, OLD) is False
    assert store.stat().st_mtime_ns == 1


def test_store_checked_out_with_windows_line_ends_is_not_touched(store: Path) -> None:
    store.write_bytes(OLD.replace("\n", "\r\n").encode())

    assert write_store(store.parent, store.name, OLD) is False
    assert store.read_bytes() == OLD.replace("\n", "\r\n").encode()


CONFLICT = f"<<<<<<< HEAD\n{HEAD}=======\n{HEAD.replace('cn', 'conf')}>>>>>>> other\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n\n",
        CONFLICT.encode(),
        OLD.encode() + b"\xff\x00",
        b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode(),
    ],
    ids=["empty", "blank", "conflict", "not text", "BOM"],
)
def test_damaged_store_is_replaced(store: Path, content: bytes) -> None:
    """A merge gone wrong, or an editor: a build fixes it."""
    store.write_bytes(content)

    assert write_store(store.parent, store.name, NEW) is True
    assert store.read_text() == NEW


@pytest.mark.parametrize(
    "content",
    [
        b"import setuptools\n",
        b"# Generated by cngen: not at all\n",
        b"\xff\xfe not text",
        b"\x00",
        b"\n" * 40 + OLD.encode(),
        OLD.encode("utf-16"),
    ],
)
def test_what_is_no_store_is_not_replaced(store: Path, content: bytes) -> None:
    store.write_bytes(content)

    with pytest.raises(CngenError, match="is not a store generated by cngen"):
        write_store(store.parent, store.name, NEW)

    assert store.read_bytes() == content
    assert listing(store.parent) == ["store.py"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o755])
def test_mode_is_kept(store: Path, mode: int) -> None:
    store.chmod(mode)

    write_store(store.parent, store.name, NEW)

    assert store.stat().st_mode & 0o7777 == mode


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_new_store_gets_the_mode_of_any_new_file(tmp_path: Path, mask: int) -> None:
    """Not the private one of a temporary file, which others in a team could not read."""
    old = os.umask(mask)
    try:
        write_store(tmp_path, "store.py", NEW)
    finally:
        os.umask(old)

    assert (tmp_path / "store.py").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("relative", [True, False])
def test_symlink_stays_one(store: Path, tmp_path: Path, relative: bool) -> None:
    (tmp_path / "cn").mkdir()
    link = tmp_path / "cn" / "link.py"
    link.symlink_to(Path("..", store.name) if relative else store)

    assert write_store(tmp_path, "cn/link.py", NEW) is True
    assert link.is_symlink()
    assert store.read_text() == NEW
    assert listing(tmp_path / "cn") == ["link.py"]


@pytest.mark.slow
def test_readers_see_one_store_or_the_other(store: Path) -> None:
    """A training run may import the store while it is built."""
    command = [sys.executable, "-c", ALTERNATE, str(store)]
    with subprocess.Popen(command, env=environment()) as writer:
        seen = {store.read_text() for _ in iter(lambda: writer.poll() is None, False)}
    assert writer.returncode == 0

    assert seen <= {OLD, HEAD + "a" * 500_000, HEAD + "b" * 500_000}
    assert len(seen) > 1


# What fails


def test_data_that_never_reaches_the_disk_leaves_the_old_store_alone(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(CngenError, match="No space left") as raised:
        write_store(store.parent, store.name, NEW)

    assert "\n" not in str(raised.value)
    assert store.read_text() == OLD
    assert listing(store.parent) == ["store.py"]


@pytest.mark.parametrize(
    ("failure", "told"),
    [("OSError(errno.ENOSPC, 'No space left')", "No space left"), ("KeyboardInterrupt", "^C")],
    ids=["full disk", "interrupt"],
)
def test_failure_before_renaming_leaves_the_old_store_alone(
    store: Path, failure: str, told: str
) -> None:
    result = run_python("-c", FAILING.format(failure=failure), str(store))

    assert result.returncode == 0, result.stderr
    assert told in result.stdout
    assert len(result.stdout.splitlines()) == 1
    assert store.read_text() == OLD
    assert listing(store.parent) == ["store.py"]


def test_a_read_only_source_is_left_alone(guarded: Path) -> None:
    """Though its folder would let another file take its place."""
    guarded.parent.chmod(0o777)
    guarded.chmod(0o444)
    old = 'write_store(Path(sys.argv[1]).parent, Path(sys.argv[1]).name, "new")'
    assert old in WITHOUT_RIGHTS
    new = 'write_sources(Path(sys.argv[1]).parent, {{"store.py": b""}}, {{"store.py": b"new"}})'
    code = WITHOUT_RIGHTS.replace("import write_store", "import write_sources").replace(old, new)

    result = run_python("-c", code.format(nobody=NOBODY), str(guarded))

    assert result.stdout == "can't write `store.py`: it is read-only\n", result.stderr
    assert guarded.read_text() == OLD


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A store in a folder that anyone may enter and only root may write; pytest's are private."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "store.py").write_text(OLD)
        folder.chmod(0o555)
        yield folder / "store.py"
        folder.chmod(0o755)


def test_folder_without_permission_leaves_the_old_store_alone(guarded: Path) -> None:
    """Root may write anywhere, so the child gives up being root first."""
    result = run_python("-c", WITHOUT_RIGHTS.format(nobody=NOBODY), str(guarded))

    assert result.returncode == 0, result.stderr
    assert "Permission denied" in result.stdout
    assert len(result.stdout.splitlines()) == 1
    assert guarded.read_text() == OLD
    assert listing(guarded.parent) == ["store.py"]


@pytest.mark.parametrize("name", ["store.py/inner.py", "folder.py"])
def test_path_that_can_hold_no_store_is_refused(store: Path, name: str) -> None:
    (store.parent / "folder.py").mkdir()

    with pytest.raises(CngenError) as raised:
        write_store(store.parent, name, NEW)

    assert "\n" not in str(raised.value)
    assert store.read_text() == OLD
    assert listing(store.parent) == ["folder.py", "store.py"]


# The command


def test_second_build_writes_nothing(stale: Path) -> None:
    assert run_cngen("build", "-C", str(stale)).returncode == 0
    os.utime(stale / STORE, ns=(1, 1))

    assert run_cngen("build", "-C", str(stale)).returncode == 0
    assert (stale / STORE).stat().st_mtime_ns == 1


@pytest.mark.parametrize("of", ["store", "sources"])
def test_checkout_with_windows_line_ends_is_not_stale(stale: Path, of: str) -> None:
    run_cngen("build", "-C", str(stale))
    path = stale / (STORE if of == "store" else "cn/run.py")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    result = run_cngen("check", "-C", str(stale))

    assert result.returncode == 0, result.stdout + result.stderr


def test_failed_write_is_one_line_and_status_2(stale: Path) -> None:
    before = (stale / STORE).read_bytes()

    result = run_child("build", "-C", str(stale), before=limit_file_size)

    assert result.returncode == 2
    assert "File too large" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert (stale / STORE).read_bytes() == before
    assert listing(stale / "cn") == ["_generated_store.py", "run.py"]


def test_error_in_the_sources_leaves_the_old_store_alone(stale: Path) -> None:
    before = (stale / STORE).read_bytes()
    write_project(stale, {"cn/run.py": RUN + "    depth = 3\n"})

    result = run_cngen("build", "-C", str(stale))

    assert result.returncode == 1
    assert (stale / STORE).read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "script", [pytest.param(KILLED, id="before renaming"), pytest.param(CUT_SHORT, id="in a write")]
)
def test_killed_build_leaves_the_old_store_and_the_next_one_succeeds(
    stale: Path, script: str
) -> None:
    before = (stale / STORE).read_bytes()

    result = run_python("-c", script, str(stale))

    assert result.returncode in (-signal.SIGKILL, -signal.SIGXFSZ), result.stderr
    assert (stale / STORE).read_bytes() == before
    assert run_cngen("build", "-C", str(stale)).returncode == 0
    assert b"20" in (stale / STORE).read_bytes()
