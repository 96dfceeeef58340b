"""Findings -> sources without them: fixed, or silenced by comments."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cngen.diagnostics import Diagnostic, Edit, Severity, Span
from cngen.lint.check import Checked
from cngen.lint.findings import from_here
from cngen.lint.suppression import ABOUT_COMMENTS
from cngen.project.sources import Source, coding_of, decode, edited, line_starts, position, raw_text
from cngen.project.writing import difference
from cngen.reading.names import File
from cngen.syntax.facts import Module
from cngen.syntax.lexing import are_whole
from cngen.syntax.scan import scan

PASSES = 10
"""A fix may bring a finding that another one fixes; more rounds than these would be a fault."""

Named = tuple[int, str]
"""A line and a code that a comment on it names."""

Check = Callable[[Mapping[str, bytes]], Checked]
"""Checks the tree with other contents for some of its files, by path."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The sources that were changed, before and after, and how many findings that concerned.

    `refused` has the sources whose fixes aren't applied, or no more of them, and why.
    """

    before: Mapping[str, Source]
    after: Mapping[str, Source]
    count: int
    refused: Mapping[str, str] = field(default_factory=dict)

    def difference(self, project: Path) -> str:
        """A unified diff of all changed files, whose paths lead from the current folder."""
        return "".join(
            difference(raw_text(self.before[p]), raw_text(self.after[p]), from_here(project, p))
            for p in sorted(self.after)
        )


def fix_all(check: Check, unsafe: bool) -> Changed:
    """The sources with every fix applied, round by round, until none is left.

    Fixes that are not safe are applied only if `unsafe`. Where those of one source would break it, the
    others are applied all the same.
    """
    before: dict[str, Source] = {}
    after: dict[str, Source] = {}
    counts: Counter[str] = Counter()
    refused: dict[str, str] = {}
    chosen: dict[str, tuple[list[Edit], int]] = {}
    for _ in range(PASSES):
        checked = check({path: source.data for path, source in after.items()})
        texts = {file.source.path: file.text for file in checked.files}
        sound = [d for d in checked.diagnostics if _is_sound(d, texts)]
        chosen = _chosen(sound, unsafe, refused)
        if not chosen:
            break
        for file in (f for f in checked.files if f.source.path in chosen):
            path = file.source.path
            edits, applied = chosen[path]
            fixed = _edited(file, edits)
            if isinstance(fixed, Source):
                before.setdefault(path, file.source)
                after[path] = fixed
                counts[path] += applied
            else:
                refused[path] = fixed
    for path in chosen:
        refused.setdefault(path, "its fixes don't converge")
        after.pop(path, None)
        counts.pop(path, None)
    return Changed(before, after, counts.total(), refused)


def _chosen(
    found: Iterable[Diagnostic], unsafe: bool, refused: Container[str]
) -> dict[str, tuple[list[Edit], int]]:
    """By source the edits of fixes that don't touch each other, and how many; others wait for the next round."""
    chosen: dict[str, tuple[list[Edit], int]] = {}
    for diagnostic in found:
        fix = diagnostic.fix
        path = fix.edits[0].span.file if fix is not None else ""
        if fix is None or path in refused or not (fix.safe or unsafe):
            continue
        own, applied = chosen.get(path, ([], 0))
        new = [edit for edit in fix.edits if edit not in own]
        if not any(_touch(edit, other) for edit in new for other in own):
            chosen[path] = [*own, *new], applied + 1
    return chosen


def _is_sound(diagnostic: Diagnostic, texts: Mapping[str, str]) -> bool:
    """Whether the fix of a finding takes nothing away that it doesn't mean: no comments, no other code."""
    edits = diagnostic.fix.edits if diagnostic.fix is not None else ()
    may_remove = diagnostic.code in ABOUT_COMMENTS
    return may_remove or all(_leaves_rest(texts.get(e.span.file, ""), e.span) for e in edits)


def _leaves_rest(text: str, span: Span) -> bool:
    """Whether no comment goes with a stretch but those of whole lines, and with an import nothing else."""
    removed = text[span.start : span.end]
    if re.search(r"\bimport\b", removed):
        rest = text[span.end - removed.endswith((" ", "\n")) :].partition("\n")[0]
        return removed.strip(" \t\f\n;\\").startswith(("import", "from")) and "#" not in rest
    is_lines = removed.endswith("\n") and text[span.start - 1 : span.start] in ("", "\n")
    return "#" not in removed or is_lines


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
    inside = {file.source.path: file for file in checked.files if file.source.group is not None}
    found: dict[str, list[Diagnostic]] = {}
    for diagnostic in checked.diagnostics:
        can = diagnostic.severity is not Severity.ERROR and diagnostic.code not in ABOUT_COMMENTS
        if can and diagnostic.span.file in inside:
            found.setdefault(diagnostic.span.file, []).append(diagnostic)
        else:
            left.append(diagnostic)
    for path, own in found.items():
        silenced, without = _silenced(inside[path], own)
        left += without
        if len(without) < len(own):
            before[path], after[path] = inside[path].source, silenced
    count = len(checked.diagnostics) - len(left)
    return Changed(before, after, count), tuple(sorted(left))


def _silenced(file: File, found: Iterable[Diagnostic]) -> tuple[Source, list[Diagnostic]]:
    """A source with a comment on each finding's last line, else on its first; and what is left over.

    The last is rather behind the code, which a store may carry over with the comments in it.
    """
    starts = line_starts(file.text)
    lines = file.text.split("\n")
    left = [(d, (max(d.span.start, d.span.end - 1), d.span.start)) for d in found]
    added: frozenset[Named] = frozenset()
    tried = added
    for number in range(2):
        named = [(position(starts, offsets[number])[0], d.code) for d, offsets in left]
        wanted = frozenset(name for name in named if not _goes_on(lines[name[0] - 1]))
        added = _most(file, added, wanted - tried)
        tried |= wanted
        left = [one for one, name in zip(left, named, strict=True) if name not in added]
    return _commented(file, added), [d for d, _ in left]


def _goes_on(line: str) -> bool:
    """Whether a backslash has to be the end of a line, as far as its text shows."""
    return line.endswith("\\") and "#" not in line


def _most(file: File, taken: frozenset[Named], wanted: frozenset[Named]) -> frozenset[Named]:
    """What is taken, and as many of the wanted edits as leave the rest of the source the same.

    An edit that would end up in a string is left out. Where that isn't enough, half of the lines are tried,
    then the others.
    """
    both = taken | wanted
    if both == taken:
        return taken
    try:
        source = _commented(file, both)
    except UnicodeError:  # its coding can't hold them
        return taken
    module = _scanned(source)
    seen = both & _named(source, module) if module is not None else both
    if not wanted <= seen:
        return _most(file, taken, wanted & seen)
    if module is not None and module.body == file.module.body and seen == both:
        return both
    lines = sorted({line for line, _ in wanted})
    if len(lines) == 1:
        return taken
    middle = lines[len(lines) // 2]
    taken = _most(file, taken, frozenset(name for name in wanted if name[0] < middle))
    return _most(file, taken, frozenset(name for name in wanted if name[0] >= middle))


def _named(source: Source, module: Module) -> frozenset[Named]:
    """What the comments of a source name; comments move no lines."""
    text = decode(source)
    starts = line_starts(text) if isinstance(text, str) else (0,)
    return frozenset(
        (position(starts, ignore.start)[0], code.text)
        for ignore in module.ignores
        if ignore.word == "ignore"
        for code in ignore.codes
    )


def _commented(file: File, named: Iterable[Named]) -> Source:
    """A source with these codes in comments on these lines: in those that are there, or in new ones."""
    codes: dict[int, list[str]] = {}
    for line, code in sorted(named):
        codes.setdefault(line, []).append(code)
    starts = line_starts(file.text)
    ends = {
        position(starts, ignore.start)[0]: ignore.codes[-1].end
        for ignore in reversed(file.module.ignores)
        if ignore.word == "ignore" and ignore.codes
    }
    behind = (*starts[1:], len(file.text) + 1)
    edits = []
    for line, new in codes.items():
        at = ends.get(line, behind[line - 1] - 1)
        listed = ", ".join(new)
        text = f", {listed}" if line in ends else f"  # cngen: ignore[{listed}]"
        edits.append(Edit(Span(file.source.path, at, at), text))
    return replace(file.source, data=edited(file.source.data, edits))


def _edited(file: File, edits: Collection[Edit]) -> Source | str:
    """A source after some edits, or why it can't have them."""
    if not are_whole(file.text, ((edit.span.start, edit.span.end) for edit in edits)):
        return "a fix would cut something in two"
    try:
        source = replace(file.source, data=edited(file.source.data, edits))
    except UnicodeError:
        return "its encoding can't represent a fix"
    if _scanned(source) is None:
        return "a fix would break it"
    is_same = coding_of(source.data) == coding_of(file.source.data)
    return source if is_same else "a fix would change its encoding"


def _scanned(source: Source) -> Module | None:
    text = decode(source)
    found = scan(source.path, text) if isinstance(text, str) else None
    return found if isinstance(found, Module) else None
