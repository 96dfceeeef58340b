"""Projects read from git: its trees and its index, in repositories of every kind, made by the real git."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note
from hypothesis import settings as examples
from hypothesis import strategies as st

from cngen.compiler import compile_tree
from cngen.diagnostics import CngenError, Diagnostic
from cngen.lint.check import check_tree, understand
from cngen.lint.findings import findings
from cngen.project.files import Edited, Files, Worktree
from cngen.project.git.objects import Objects
from cngen.project.git.repository import Repository
from cngen.project.settings import NoRoot, Settings, load_settings
from cngen.project.sources import Source, read_module, read_sources
from cngen.reading import loading
from cngen.text.escaping import one_line
from tests.support.effort import at_least
from tests.support.project import PYPROJECT, RUN, Contents, run_python, write
from tests.support.scratch_git import (
    commit,
    everything,
    git,
    start,
    without_settings,
)

pytestmark = pytest.mark.slow

TWENTY = RUN.replace("10", "20")


@pytest.fixture(scope="module", autouse=True)
def plain_git() -> Iterator[None]:
    with without_settings():
        yield


def sources_of(settings: Settings, files: Files) -> list[tuple[str, str, str | None, bytes]]:
    return [(s.path, s.module, s.group, s.data) for s in read_sources(settings, files)]


def on_disk(folder: Path) -> list[tuple[str, str, str | None, bytes]]:
    return sources_of(load_settings(folder), Worktree(folder))


def in_tree(folder: Path, revision: str) -> list[tuple[str, str, str | None, bytes]]:
    tree = Repository.of(folder).tree(revision)
    return sources_of(load_settings(tree.project, tree, strict=False), tree)


def run_in(folder: Path, revision: str) -> str:
    """The text of cn/run.py."""
    return Repository.of(folder).tree(revision).read("cn/run.py").decode()


def refusal(folder: Path, revision: str) -> str:
    with pytest.raises(CngenError) as raised:
        in_tree(folder, revision)
    return one_line(str(raised.value))


# Trees are what was checked out


ROOTS = ("cn", "src/pkg/cn", "my lib/cn")
FOLDERS = ("", "model", "a b", "é", '"q"', "__pycache__", ".hidden", "x\ny", "日本", "src", "cn")
NAMES = (
    "run.py", "__init__.py", "a b.py", "-x.py", "é.py", "e\u0301.py", 'q"q.py', "x\ny.py", "t\tt.py", ".h.py",
    "_generated_store.py", "notes.txt", "back\\slash.py", "\udcff.py", "pyvenv.cfg",
)  # fmt: skip
TARGETS = (
    ".", "..", "run.py", "../run.py", "model", "../model", "./a b/../run.py", "../../cn", "../lib", "../../lib/",
    "../lib/code.py", "../../../lib/code.py", "nowhere.py", "../../../../outside.py", "linked.py", "../linked",
)  # fmt: skip
SETTINGS = (
    "", PYPROJECT, '[tool.cngen]\nroot = ["cn", "src/pkg/cn"]\noutput = "cn/x.py"\n',
    '[tool.cngen]\nroot = "linked"\n', '[tool.cngen]\nroot = "."\n', '[tool.cngen]\nroot = "src"\n',
)  # fmt: skip
PLACES = st.tuples(st.sampled_from(ROOTS), st.sampled_from(FOLDERS))
DRAWN_FILES = st.dictionaries(
    st.tuples(PLACES, st.sampled_from(NAMES)),
    st.sampled_from([b"", RUN.encode(), b"\xff\n", b"x = 1\r\n"]),
    min_size=1,
    max_size=8,
)
DRAWN_LINKS = st.dictionaries(
    st.tuples(PLACES, st.sampled_from(["linked", "linked.py", "cn"])),
    st.sampled_from(TARGETS),
    max_size=3,
)
ROOT_LINKS = st.sampled_from([None, "cn", "lib", "src/pkg", "nowhere", "linked", "src/../my lib"])


def place(folder: Path, place: tuple[str, str], name: str) -> Path:
    path = folder.joinpath(*place, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@examples(max_examples=at_least(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    files=DRAWN_FILES,
    links=DRAWN_LINKS,
    root=ROOT_LINKS,
    text=st.sampled_from(SETTINGS),
    package=st.booleans(),
)
def test_a_tree_reads_as_the_worktree_it_came_from(
    tmp_path_factory: pytest.TempPathFactory,
    files: dict[tuple[tuple[str, str], str], bytes],
    links: dict[tuple[tuple[str, str], str], str],
    root: str | None,
    text: str,
    package: bool,
) -> None:
    """Or is refused as that is."""
    folder = tmp_path_factory.mktemp("drawn")
    write(folder, {"pyproject.toml": text, "lib/code.py": RUN})
    if package:
        write(folder, {"src/__init__.py": ""})
    for (at, name), data in files.items():
        place(folder, at, name).write_bytes(data)
    for (at, name), target in links.items():
        path = place(folder, at, name)
        if not os.path.lexists(path):
            path.symlink_to(target)
    if root is not None:
        (folder / "linked").symlink_to(root)
    start(folder, {})

    expected = read_or_refused(folder, Worktree(folder))
    note(str(expected))
    repository = Repository.of(folder)
    for tree in (repository.tree("HEAD"), repository.index()):
        assert read_or_refused(folder, tree) == expected
    shutil.rmtree(folder)


def read_or_refused(folder: Path, files: Files) -> object:
    """The settings and sources, or the kind of refusal."""
    try:
        settings = load_settings(folder, files)
        outside = [read_module(settings, files, name) for name in ("lib.code", "cn.run", "pkg.cn")]
        return settings, sources_of(settings, files), outside
    except NoRoot:
        return NoRoot
    except CngenError as error:
        return re.sub(r": .*", "", str(error))


def test_nothing_in_the_repository_changes(tmp_path: Path) -> None:
    start(tmp_path)
    git(tmp_path, "switch", "--quiet", "--create", "other")
    commit(tmp_path, {"cn/run.py": TWENTY})
    os.utime(tmp_path / "cn/run.py", (1, 1))  # a git that refreshes its index would say so in it
    write(tmp_path, {"cn/new.py": ""})

    before = everything(tmp_path)
    repository = Repository.of(tmp_path)
    for files in (repository.tree("main"), repository.tree("other"), repository.index()):
        compile_tree(load_settings(tmp_path, files), files)
    repository.merge_base("main", "other")
    with pytest.raises(CngenError):
        repository.tree("mian")
    del repository

    assert everything(tmp_path) == before


@pytest.mark.parametrize("commits", [1, 40])
def test_the_history_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    """Two processes read a tree, whatever is behind it; one is asked for each object once."""
    start(tmp_path / "work", {f"data/{n}/x.txt": str(n) for n in range(40)})
    for number in range(commits):
        commit(tmp_path / "work", {"pyproject.toml": PYPROJECT, "cn/run.py": f"{RUN}# {number}\n"})
    asked: list[bytes] = []
    ask = Objects._ask

    def noted(objects: Objects, name: bytes) -> object:
        asked.append(name)
        return ask(objects, name)

    monkeypatch.setattr(Objects, "_ask", noted)
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))

    tree = Repository.of(tmp_path / "work").tree("HEAD")
    for _ in range(2):
        compile_tree(load_settings(tree.project, tree), tree)

    assert len(asked) == len(set(asked)) == 5  # HEAD, its tree, pyproject.toml, cn, cn/run.py
    run = re.findall(r"built-in: git (\S+)", (tmp_path / "trace").read_text())
    assert run == ["rev-parse", "cat-file"]


def test_trees_with_a_memo_scan_once_what_they_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(tmp_path, {"pyproject.toml": PYPROJECT, "cn/run.py": RUN, "cn/a/b.py": RUN})
    write(tmp_path, {"cn/run.py": TWENTY})
    scanned: list[str] = []
    scan = loading.scan

    def counted(path: str, text: str) -> object:
        scanned.append(path)
        return scan(path, text)

    monkeypatch.setattr(loading, "scan", counted)
    tree = Repository.of(tmp_path).tree("HEAD")
    memo: loading.Memo = {}
    understand(load_settings(tmp_path, tree), tree, memo)
    found = understand(load_settings(tmp_path), Worktree(tmp_path), memo)

    assert len(scanned) == 2  # that both had once, whatever its path, and that one of them changed
    again = check_tree(load_settings(tmp_path))
    assert (found.files, found.diagnostics) == (again.files, again.diagnostics)


def test_findings_show_the_text_of_their_own_tree(tmp_path: Path) -> None:
    broken = RUN.encode() + b"# \xff\n"
    start(tmp_path, {"pyproject.toml": PYPROJECT, "cn/run.py": broken})
    (tmp_path / "cn/run.py").unlink()
    tree = Repository.of(tmp_path).tree("HEAD")
    checked = check_tree(load_settings(tmp_path, tree), tree)

    shown = findings(checked.diagnostics, checked.files, tmp_path, tree)

    assert [(f.code, f.line) for f in shown] == [("CN002", 1)]


# Revisions


def test_every_name_of_a_tree(tmp_path: Path) -> None:
    first = commit(start(tmp_path), {"cn/run.py": RUN.replace("10", "1")}, "fix: one")
    git(tmp_path, "tag", "light")
    git(tmp_path, "tag", "--annotate", "--message", "v", "v1")
    git(tmp_path, "tag", "--annotate", "--message", "v", "of-tag", "v1")
    commit(tmp_path, {"cn/run.py": TWENTY})
    git(tmp_path, "update-ref", "refs/heads/-odd", first)

    names = (
        "light",
        "v1",
        "of-tag",
        "HEAD~",
        "HEAD^",
        "HEAD@{1}",
        first,
        first[:7],
        "refs/heads/-odd",
    )
    for name in (*names, "-odd", "v1^{}", ":/fix: one", "HEAD^{/fix: one}", "HEAD~^{tree}"):
        assert run_in(tmp_path, name) == RUN.replace("10", "1"), name
    for name in ("main", "HEAD", "@", "HEAD^{tree}", "refs/heads/main"):
        assert run_in(tmp_path, name) == TWENTY, name


def test_a_folder_of_a_revision(tmp_path: Path) -> None:
    files = {"a/b/cn/run.py": RUN, "a/pyproject.toml": PYPROJECT, "a/cn/run.py": TWENTY}
    start(tmp_path, files)
    (tmp_path / "link").symlink_to("a/b")
    commit(tmp_path, {}, "fix: x")
    git(tmp_path, "rm", "--quiet", "-r", "--cached", "a")
    commit(tmp_path, {"moved/cn/run.py": RUN})

    for name in ("HEAD~:a/b", "HEAD~:a/b/", "HEAD~:link", "HEAD^{/fix: x}:a/./b", "HEAD~:a/c/../b"):
        assert run_in(tmp_path, name) == RUN, name
    assert run_in(tmp_path / "a/b", "HEAD~:./") == RUN
    assert run_in(tmp_path / "a/b", "HEAD~:../") == TWENTY
    assert Repository.of(tmp_path).tree("HEAD~:").is_file("a/cn/run.py")
    assert refusal(tmp_path, "HEAD:b") == "`HEAD` has no folder `b`"
    assert refusal(tmp_path, "HEAD:a/cn/run.py") == "`HEAD` has no folder `a/cn/run.py`"
    assert refusal(tmp_path, "HEAD:../x") == "`HEAD` has no folder `../x`"


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("mian", "unknown revision `mian`: did you mean `main`?"),
        ("mian~3", "unknown revision `mian~3`: did you mean `main`?"),
        ("mian:cn", "unknown revision `mian`: did you mean `main`?"),
        ("v1.O", "unknown revision `v1.O`: did you mean `v1.0`?"),
        ("dev", "unknown revision `dev`: did you mean `origin/dev`?"),
        ("nothing-like-it", "unknown revision `nothing-like-it`"),
        ("HEAD~9", "unknown revision `HEAD~9`"),
        ("--help", "unknown revision `--help`"),
        ("--batch-all-objects", "unknown revision `--batch-all-objects`"),
        ("-", "unknown revision `-`"),
        ("", "unknown revision ``"),
        ("main\nmain", "unknown revision `main\\nmain`: did you mean `main`?"),
        ("main\0", "unknown revision `main\\x00`: did you mean `main`?"),
        ("main missing", "unknown revision `main missing`"),
        ("main..main", "unknown revision `main..main`"),
        ("^main", "unknown revision `^main`"),
        ("0" * 40, f"unknown revision `{'0' * 40}`"),
        ("\udcff", "unknown revision `\\udcff`"),
        (":cn/run.py", "`:cn/run.py` is a blob, not a commit"),
        ("blob", "`blob` is a blob, not a commit"),
    ],
)
def test_what_is_no_revision(tmp_path: Path, revision: str, message: str) -> None:
    start(tmp_path)
    git(tmp_path, "tag", "v1.0")
    git(tmp_path, "tag", "blob", "HEAD:cn/run.py")
    git(tmp_path, "update-ref", "refs/remotes/origin/dev", "HEAD")

    said = refusal(tmp_path, revision)
    assert said == message


def test_a_merge_base(tmp_path: Path) -> None:
    base = git(start(tmp_path), "rev-parse", "HEAD")
    git(tmp_path, "switch", "--quiet", "--create", "other")
    commit(tmp_path, {"cn/run.py": TWENTY})
    git(tmp_path, "switch", "--quiet", "main")
    commit(tmp_path, {"cn/new.py": ""})
    git(tmp_path, "switch", "--quiet", "--orphan", "apart")
    commit(tmp_path, {"x": ""})
    repository = Repository.of(tmp_path)

    assert repository.merge_base("main", "other") == base
    assert repository.merge_base("other~", "main") == base
    for names, message in {
        ("main", "apart"): "`main` and `apart` have no commit in common",
        ("mian", "other"): "unknown revision `mian`: did you mean `main`?",
        ("main", "--all"): "unknown revision `--all`",
        ("main", "main^{tree}"): "`main^{tree}` is a tree, not a commit",
    }.items():
        with pytest.raises(CngenError, match=re.escape(message) + "$"):
            repository.merge_base(*names)


# Where a project lies, in which tree


def test_a_project_below_the_top(tmp_path: Path) -> None:
    """It is where the nearest pyproject.toml of that tree is, or was."""
    start(tmp_path, {"a/b/cn/run.py": RUN})
    commit(tmp_path, {"a/pyproject.toml": '[tool.cngen]\nroot = "b/cn"\n'})
    commit(tmp_path, {"a/b/pyproject.toml": PYPROJECT})
    repository = Repository.of(tmp_path / "a/b")

    assert repository.prefix == "a/b"
    places = {r: repository.tree(r).project for r in ("HEAD", "HEAD~", "HEAD~2")}
    assert places == {
        "HEAD": tmp_path / "a/b", "HEAD~": tmp_path / "a", "HEAD~2": tmp_path / "a/b",
    }  # fmt: skip
    for revision, path in {"HEAD": "cn/", "HEAD~": "b/cn/", "HEAD~2": "cn/"}.items():
        assert [s[0] for s in in_tree(tmp_path / "a/b", revision)] == [f"{path}run.py"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no folder named `cn`"),
        ({"x/run.py": RUN}, "no folder named `cn`"),
        ({"pyproject.toml": PYPROJECT}, "the root folder `cn` doesn't exist"),
        ({"pyproject.toml": PYPROJECT, "cn": ""}, "the root folder `cn` doesn't exist"),
    ],
)
def test_a_tree_without_configs(tmp_path: Path, files: Contents, message: str) -> None:
    start(tmp_path, files)
    tree = Repository.of(tmp_path).tree("HEAD")

    with pytest.raises(NoRoot, match=message):
        load_settings(tmp_path, tree)


@pytest.mark.parametrize(
    "files",
    [
        {"a/cn/run.py": RUN, "b/cn/run.py": RUN},
        {"pyproject.toml": '[tool.cngen]\nroot = ["cn", "gone"]\n', "cn/run.py": RUN},
        {"pyproject.toml": "[tool.cngen\n", "cn/run.py": RUN},
        {"pyproject.toml/x": "", "cn/run.py": RUN},
        {"pyproject.toml": b"\xff", "cn/run.py": RUN},
    ],
)
def test_other_faults_are_not_taken_for_a_missing_tree(tmp_path: Path, files: Contents) -> None:
    tree = Repository.of(start(tmp_path, files)).tree("HEAD")

    with pytest.raises(CngenError) as raised:
        load_settings(tmp_path, tree)
    assert not isinstance(raised.value, NoRoot)


def test_settings_of_another_version(tmp_path: Path) -> None:
    text = PYPROJECT + 'from-tomorrow = 1\nnaming = "lower"\n'
    tree = Repository.of(start(tmp_path, {"pyproject.toml": text, "cn/x": ""})).tree("HEAD")

    assert load_settings(tmp_path, tree, strict=False).naming == "lower"
    with pytest.raises(CngenError, match="unknown setting `from-tomorrow`"):
        load_settings(tmp_path, tree)


# The index


def test_the_index_is_neither_head_nor_the_worktree(tmp_path: Path) -> None:
    start(tmp_path, {"pyproject.toml": PYPROJECT, "cn/run.py": RUN, "cn/gone.py": ""})
    write(tmp_path, {"cn/run.py": TWENTY, "cn/a/b c.py": "", "cn/empty.py": "", "cn/later.py": RUN})
    git(tmp_path, "add", "cn/run.py", "cn/a", "cn/empty.py")
    git(tmp_path, "add", "--intent-to-add", "cn/later.py")
    git(tmp_path, "rm", "--quiet", "--cached", "cn/gone.py")
    write(tmp_path, {"cn/run.py": RUN})

    tree = Repository.of(tmp_path / "cn/a").index()
    sources = sources_of(load_settings(tmp_path, tree), tree)

    assert [s[0] for s in sources] == ["cn/a/b c.py", "cn/empty.py", "cn/run.py"]
    assert sources[-1][3] == TWENTY.encode()
    assert tree.project == tmp_path


def test_the_index_that_a_hook_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path)
    write(tmp_path, {"cn/run.py": TWENTY})
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other")
    git(tmp_path, "add", "--all")

    assert Repository.of(tmp_path / "cn").index().read("cn/run.py") == TWENTY.encode()
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert Repository.of(tmp_path / "cn").index().read("cn/run.py") == RUN.encode()


def test_the_index_before_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"cn/run.py": RUN})
    git(tmp_path, "add", "--all")

    assert Repository.of(tmp_path).index().read("cn/run.py") == RUN.encode()
    assert refusal(tmp_path, "HEAD") == "unknown revision `HEAD`: nothing is committed yet"


def test_the_index_amid_a_merge(tmp_path: Path) -> None:
    start(tmp_path)
    git(tmp_path, "switch", "--quiet", "--create", "other")
    commit(tmp_path, {"cn/run.py": TWENTY})
    git(tmp_path, "switch", "--quiet", "main")
    commit(tmp_path, {"cn/run.py": RUN.replace("10", "30")})
    git(tmp_path, "merge", "other", status=1)

    with pytest.raises(CngenError, match=r"`cn/run.py` has a merge conflict: resolve it"):
        Repository.of(tmp_path).index()
    assert run_in(tmp_path, "other") == TWENTY


# Repositories of every kind


def test_a_bare_repository(tmp_path: Path) -> None:
    start(tmp_path / "work")
    git(tmp_path, "clone", "--quiet", "--bare", "work", "bare.git")

    assert in_tree(tmp_path / "bare.git", "main") == on_disk(tmp_path / "work")
    with pytest.raises(CngenError, match="a bare repository has no index"):
        Repository.of(tmp_path / "bare.git").index()


def test_a_linked_worktree_and_a_detached_head(tmp_path: Path) -> None:
    start(tmp_path / "work")
    commit(tmp_path / "work", {"cn/run.py": TWENTY})
    git(tmp_path / "work", "worktree", "add", "--quiet", "--detach", "../linked", "HEAD~")

    assert run_in(tmp_path / "linked", "HEAD") == RUN
    assert run_in(tmp_path / "linked/cn", "main") == TWENTY
    assert Repository.of(tmp_path / "linked").index().read("cn/run.py") == RUN.encode()


def test_a_repository_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a hook, where the paths lead from the current folder."""
    start(tmp_path / "work", {"sub/cn/run.py": RUN})
    (tmp_path / "work/.git").rename(tmp_path / "elsewhere.git")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("GIT_DIR", "../elsewhere.git")

    for variable in ({}, {"GIT_WORK_TREE": "."}):
        for name, value in variable.items():
            monkeypatch.setenv(name, value)
        assert run_in(Path("sub"), "HEAD") == RUN
        assert Repository.of(Path("sub")).index().read("cn/run.py") == RUN.encode()
    with pytest.raises(CngenError, match="is outside the working tree"):
        Repository.of(tmp_path)


def test_a_shallow_clone(tmp_path: Path) -> None:
    start(tmp_path / "work")
    git(tmp_path / "work", "tag", "first")
    git(tmp_path / "work", "switch", "--quiet", "--create", "other")
    commit(tmp_path / "work", {"cn/x.py": ""})
    git(tmp_path / "work", "switch", "--quiet", "main")
    commit(tmp_path / "work", {"cn/run.py": TWENTY})
    source = (tmp_path / "work").as_uri()
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", "--no-tags", source, "few")
    hint = "in this shallow clone: run `git fetch --unshallow`, or set `fetch-depth: 0` for actions/checkout"

    assert run_in(tmp_path / "few", "HEAD") == TWENTY
    assert refusal(tmp_path / "few", "HEAD~") == f"unknown revision `HEAD~` {hint}"
    assert refusal(tmp_path / "few", "first") == f"unknown revision `first` {hint}"
    with pytest.raises(CngenError, match=re.escape(f"no commit in common {hint}")):
        Repository.of(tmp_path / "few").merge_base("origin/main", "origin/other")


@pytest.mark.parametrize(("kind", "lost"), [("blob:none", "pyproject.toml"), ("tree:0", "main")])
def test_a_partial_clone(tmp_path: Path, kind: str, lost: str) -> None:
    """What isn't there is said and not fetched; what the hint says fetches it."""
    start(tmp_path / "work")
    git(tmp_path / "work", "config", "uploadpack.allowFilter", "true")
    source = (tmp_path / "work").as_uri()
    git(tmp_path, "clone", "--quiet", f"--filter={kind}", "--no-checkout", source, "part")
    before = everything(tmp_path / "part")

    said = refusal(tmp_path / "part", "main")

    assert everything(tmp_path / "part") == before
    assert said.startswith(
        f"git has no object for `{lost}` in this clone: if the clone is partial, run "
    )
    hint = re.search("`git ([^`]*)`$", said)
    assert hint is not None
    git(tmp_path / "part", *hint[1].split())
    assert in_tree(tmp_path / "part", "main") == on_disk(tmp_path / "work")


@pytest.mark.parametrize("what", ["cn/run.py", "cn", ""])
def test_a_missing_object(tmp_path: Path, what: str) -> None:
    start(tmp_path)
    lost = git(tmp_path, "rev-parse", f"HEAD:{what}")
    (tmp_path / ".git/objects" / lost[:2] / lost[2:]).unlink()

    assert refusal(tmp_path, "HEAD").startswith(
        f"git has no object for `{what or 'HEAD'}` in this clone: "
    )


def test_a_damaged_object(tmp_path: Path) -> None:
    start(tmp_path)
    broken = git(tmp_path, "rev-parse", "HEAD:cn/run.py")
    path = tmp_path / ".git/objects" / broken[:2] / broken[2:]
    path.chmod(0o600)
    path.write_bytes(b"x")

    assert refusal(tmp_path, "HEAD").startswith("git has no object for `cn/run.py` in this clone: ")


def test_ids_of_sha256(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--object-format=sha256")
    commit(tmp_path, {"pyproject.toml": PYPROJECT, "cn/run.py": RUN, "cn/a/b.py": ""})

    assert in_tree(tmp_path, "HEAD") == on_disk(tmp_path)
    assert len(Repository.of(tmp_path).merge_base("HEAD", "HEAD")) == 64
    assert Repository.of(tmp_path).index().read("cn/run.py") == RUN.encode()


def test_a_sparse_checkout(tmp_path: Path) -> None:
    start(tmp_path, {"pyproject.toml": PYPROJECT, "cn/run.py": RUN, "cn/a/b.py": "", "x/y": ""})
    expected = on_disk(tmp_path)
    git(tmp_path, "sparse-checkout", "set", "--cone", "--sparse-index", "x")
    assert not (tmp_path / "cn").exists()

    repository = Repository.of(tmp_path)

    for tree in (repository.tree("HEAD"), repository.index()):
        assert sources_of(load_settings(tmp_path, tree), tree) == expected


def test_packed_objects(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, {"cn/run.py": TWENTY})
    git(tmp_path, "gc", "--quiet")

    assert (run_in(tmp_path, "HEAD~"), run_in(tmp_path, "HEAD")) == (RUN, TWENTY)


# Submodules


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """A repository that has another one at cn/shared, which has moved on since."""
    start(tmp_path / "shared", {"nodes.py": RUN})
    start(tmp_path / "parent")
    url = (tmp_path / "shared").as_uri()
    git(tmp_path / "parent", "submodule", "--quiet", "add", url, "cn/shared")
    commit(tmp_path / "parent", {})
    commit(tmp_path / "parent/cn/shared", {"nodes.py": TWENTY})
    return tmp_path / "parent"


def test_a_submodule_is_read_at_its_recorded_commit(parent: Path) -> None:
    recorded = {s[0]: s[3] for s in in_tree(parent, "HEAD")}
    assert recorded == {"cn/run.py": RUN.encode(), "cn/shared/nodes.py": RUN.encode()}

    git(parent, "add", "cn/shared")
    index = Repository.of(parent).index()
    assert index.read("cn/shared/nodes.py") == TWENTY.encode()
    assert run_in(parent, "HEAD:cn/shared/../..") == RUN


def test_a_submodule_is_found_whatever_the_environment_names(
    parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(parent / ".git"))
    monkeypatch.chdir(parent)

    assert len(in_tree(parent, "HEAD")) == 2


def test_a_project_in_a_submodule(parent: Path) -> None:
    commit(parent / "cn/shared", {"cn/run.py": TWENTY})

    assert Repository.of(parent / "cn/shared/cn").prefix == "cn"
    assert run_in(parent / "cn/shared", "HEAD") == TWENTY


def test_a_submodule_that_is_not_here(parent: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "parent", "clone")
    folder = tmp_path / "clone"

    said = refusal(folder, "HEAD")

    end = "isn't checked out: run `git submodule update --init`"
    assert said == f"the submodule `cn/shared` {end}"
    git(folder, *said.split("`")[-2].split()[1:])
    assert len(in_tree(folder, "HEAD")) == 2


def test_a_submodule_elsewhere_does_not_matter(parent: Path, tmp_path: Path) -> None:
    git(parent, "mv", "cn/shared", "third")
    commit(parent, {"pyproject.toml": ""})
    git(tmp_path, "clone", "--quiet", "parent", "clone")

    assert [s[0] for s in in_tree(tmp_path / "clone", "HEAD")] == ["cn/run.py"]


def test_a_submodule_without_the_commit(parent: Path) -> None:
    git(parent, "update-index", "--cacheinfo", f"160000,{'1' * 40},cn/shared")
    git(parent, "commit", "--quiet", "--message", "gone")

    assert refusal(parent, "HEAD").startswith("the submodule `cn/shared` lacks the commit 11111")


# Links that lead where no worktree is


def test_links_lead_through_the_tree_alone(tmp_path: Path) -> None:
    """What they lead to on disk has changed since."""
    project = tmp_path / "project"
    write(tmp_path, {"outside.py": RUN})
    write(project, {"p/pyproject.toml": PYPROJECT, "p/cn/x.py": "", "shared/run.py": RUN})
    (project / "p/cn/run.py").symlink_to("../../way/run.py")
    (project / "way").symlink_to("other")
    (project / "other").symlink_to("./shared/../shared//")
    start(project, {})
    write(project, {"shared/run.py": TWENTY})

    assert run_in(project / "p", "HEAD") == RUN
    for target in (str(tmp_path / "outside.py"), "../../../outside.py", "/x.py", "run.py"):
        (project / "p/cn/run.py").unlink()
        (project / "p/cn/run.py").symlink_to(target)
        commit(project, {})
        assert refusal(project / "p", "HEAD") == "can't read `cn/run.py`: broken link"


# Git itself


def test_odd_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They colour, shorten, quote and page nothing, and none of their programs is run."""
    start(tmp_path / "work", {"pyproject.toml": PYPROJECT, "cn/é \n.py": RUN})
    write(tmp_path / "work", {"cn/run.py": TWENTY, "cn/new.py": ""})
    git(tmp_path / "work", "add", "cn/run.py")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    program.chmod(0o755)
    values = {
        "color.ui": "always", "core.pager": program, "pager.rev-parse": "true", "core.quotePath": "true",
        "core.fsmonitor": program, "core.abbrev": "4", "diff.external": program, "diff.relative": "true",
        "diff.noprefix": "true", "diff.renames": "copies", "diff.ignoreSubmodules": "all",
        "diff.orderFile": "/nowhere", "log.showSignature": "true", "column.ui": "always",
        "core.warnAmbiguousRefs": "true", "core.hooksPath": tmp_path, "core.untrackedCache": "true",
    }  # fmt: skip
    for name, value in values.items():
        git(tmp_path, "config", "--file", str(tmp_path / "config"), name, str(value))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_PAGER", str(program))
    monkeypatch.setenv("LANG", "de_DE.UTF-8")

    repository = Repository.of(tmp_path / "work/cn")

    for files, names in (
        (repository.tree("HEAD"), ["cn/é \n.py"]),
        (repository.index(), ["cn/run.py", "cn/é \n.py"]),
    ):
        assert [s[0] for s in sources_of(load_settings(tmp_path, files), files)] == names
    assert "did you mean `main`?" in refusal(tmp_path / "work", "mian")
    assert not (tmp_path / "ran").exists()


def test_a_folder_in_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(CngenError, match=r"^`.*` is not in a git repository$"):
        Repository.of(tmp_path)


def test_a_repository_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    assert refusal(tmp_path, "HEAD").startswith("git failed: detected dubious ownership in")


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert refusal(tmp_path, "HEAD") == "git isn't installed, or isn't on the PATH"


def test_no_process_stays_behind(tmp_path: Path) -> None:
    """Neither while others are opened, nor at the end of Python."""
    start(tmp_path)
    code = f"""
import os
from pathlib import Path
from cngen.project.git.repository import Repository
for _ in range(5):
    Repository.of(Path({str(tmp_path)!r})).tree("HEAD").read("cn/run.py")
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("none")
kept = Repository.of(Path({str(tmp_path)!r})).tree("HEAD")
"""
    result = run_python("-W", "error", "-c", code)

    assert (result.stdout, result.stderr, result.returncode) == ("none\n", "", 0)


# Edits


def test_edits_count_instead_of_what_is_there(tmp_path: Path) -> None:
    start(tmp_path)
    for files in (Worktree(tmp_path), Repository.of(tmp_path).tree("HEAD")):
        edited = Edited(files, {"cn/run.py": TWENTY.encode()})
        found = read_sources(load_settings(tmp_path, edited), edited)
        assert found == (Source("cn/run.py", "cn.run", "", TWENTY.encode()),)
        assert (
            compile_tree(load_settings(tmp_path, edited), edited).text
            != compile_tree(load_settings(tmp_path, files), files).text
        )


def test_a_memo_keeps_what_cannot_be_read_apart(tmp_path: Path) -> None:
    """Equal bytes at another path are scanned once, and have findings with that path."""
    write(tmp_path, {"cn/a.py": "(", "cn/b.py": "(", "pyproject.toml": PYPROJECT})
    memo: loading.Memo = {}
    for _ in range(2):
        found = understand(load_settings(tmp_path), Worktree(tmp_path), memo).diagnostics
        assert [d.span.file for d in found] == ["cn/a.py", "cn/b.py"]
    assert [type(value) for value in memo.values()] == [Diagnostic]
