"""Findings -> sources without them: fixed as they say, or silenced by comments."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from cngen.compiler import Checked
from cngen.diagnostic import Diagnostic, Edit, Severity, Span
from cngen.errors import CngenError
from cngen.names import File
from cngen.scan import scan
from cngen.source import Source, decode, edited, line_starts, position
from cngen.suppression import ABOUT_COMMENTS
from cngen.syntax import Module
from cngen.write import difference

PASSES = 10
"""A fix may bring a finding that another one fixes; more rounds than these would be a fault."""

Check = Callable[[Mapping[str, bytes]], Checked]
"""Checks the tree with other contents for some of its files, by path."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The sources that were changed, before and after, and how many findings that concerned."""

    before: Mapping[str, Source]
    after: Mapping[str, Source]
    count: int

    def difference(self) -> str:
        """A unified diff of all changed files."""
        texts = ((decode(self.before[p]), decode(self.after[p]), p) for p in sorted(self.after))
        return "".join(
            difference(old, new, path)
            for old, new, path in texts
            if isinstance(old, str) and isinstance(new, str)
        )


def fix_all(check: Check, unsafe: bool) -> Changed:
    """The sources with every fix applied, round by round, until none is left.

    Fixes that are not safe are applied only if `unsafe`.

    Raises:
        CngenError: a fix broke a source; nothing is written.
    """
    before: dict[str, Source] = {}
    after: dict[str, Source] = {}
    count = 0
    for _ in range(PASSES):
        checked = check({path: source.data for path, source in after.items()})
        edits, applied = _chosen(checked.diagnostics, unsafe)
        if not applied:
            return Changed(before, after, count)
        count += applied
        for file in checked.files:
            path = file.source.path
            if path in edits:
                before.setdefault(path, file.source)
                after[path] = _edited(file, edits[path])
    raise CngenError("the fixes don't come to an end: nothing is written")


def _chosen(found: Iterable[Diagnostic], unsafe: bool) -> tuple[dict[str, list[Edit]], int]:
    """The edits of fixes that don't touch each other; the others wait for the next round."""
    edits: dict[str, list[Edit]] = {}
    applied = 0
    for diagnostic in found:
        fix = diagnostic.fix
        if fix is None or not (fix.safe or unsafe):
            continue
        own = edits.setdefault(fix.edits[0].span.file, [])
        new = [edit for edit in fix.edits if edit not in own]
        if not any(_touch(edit, other) for edit in new for other in own):
            own.extend(new)
            applied += 1
    return edits, applied


def _touch(one: Edit, other: Edit) -> bool:
    return one.span.start <= other.span.end and other.span.start <= one.span.end


def silence_all(checked: Checked) -> tuple[Changed, tuple[Diagnostic, ...]]:
    """The sources with a comment behind every warning, and the findings that none can silence.

    A comment has no room where the line ends inside a string or with a backslash; none silences what
    is wrong with comments, or in a module outside the roots.
    """
    before: dict[str, Source] = {}
    after: dict[str, Source] = {}
    left: list[Diagnostic] = []
    count = 0
    inside = [file for file in checked.files if file.source.group is not None]
    for file in inside:
        found = [d for d in checked.diagnostics if d.span.file == file.source.path]
        for diagnostic in found:
            current = after.get(file.source.path, file.source)
            silenced = None
            if diagnostic.severity is not Severity.ERROR and diagnostic.code not in ABOUT_COMMENTS:
                silenced = _silenced(replace(file, source=current), diagnostic)
            if silenced is None:
                left.append(diagnostic)
                continue
            before[file.source.path] = file.source
            after[file.source.path] = silenced
            count += 1
    known = {file.source.path for file in inside}
    left += [d for d in checked.diagnostics if d.span.file not in known]
    return Changed(before, after, count), tuple(sorted(left))


def _silenced(file: File, diagnostic: Diagnostic) -> Source | None:
    """A source with a comment on the finding's last line, else on its first; None if neither works.

    The last is rather behind the code, which a store may carry over with the comments in it. Comments
    don't move lines, so the lines of a finding hold in a source that others were added to.
    """
    starts = line_starts(file.text)
    span = diagnostic.span
    old = _scanned(file.source)
    text = decode(file.source)
    if old is None or not isinstance(text, str):
        return None
    for offset in (max(span.start, span.end - 1), span.start):
        line = position(starts, offset)[0]
        edit = _comment(span.file, text, old, line, diagnostic.code)
        if edit is None:
            return file.source
        source = replace(file.source, data=edited(file.source.data, [edit]))
        new = _scanned(source)
        if new is not None and new.body == old.body and new.ignores != old.ignores:
            return source
    return None


def _comment(path: str, text: str, module: Module, line: int, code: str) -> Edit | None:
    """Name a code in a comment on a line: in the one that is there, or in a new one.

    None where it is named already, for another finding.
    """
    starts = (*line_starts(text), len(text) + 1)
    here = [
        ignore.codes
        for ignore in module.ignores
        if starts[line - 1] <= ignore.start < starts[line]
        and ignore.word == "ignore"
        and ignore.codes
    ]
    if any(known.text == code for codes in here for known in codes):
        return None
    if here:
        at = here[0][-1].end
        return Edit(Span(path, at, at), f", {code}")
    at = starts[line] - 1
    return Edit(Span(path, at, at), f"  # cngen: ignore[{code}]")


def _edited(file: File, edits: Iterable[Edit]) -> Source:
    path = file.source.path
    try:
        source = replace(file.source, data=edited(file.source.data, edits))
    except UnicodeEncodeError as error:
        raise CngenError(f"the coding of `{path}` can't hold a fix: nothing is written") from error
    if _scanned(source) is None:
        raise CngenError(f"a fix would break `{path}`: nothing is written")
    return source


def _scanned(source: Source) -> Module | None:
    text = decode(source)
    found = scan(source.path, text) if isinstance(text, str) else None
    return found if isinstance(found, Module) else None
