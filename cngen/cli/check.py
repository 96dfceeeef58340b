"""`cngen check`: settings and flags -> what is printed, mended and written, and the exit status."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cngen.cli.printing import note, show, show_patch
from cngen.compiler import Compiled, compile_tree
from cngen.diagnostics import CngenError, Diagnostic, Severity, Span
from cngen.lint.baseline import Known, baseline_of, baseline_text, beyond, read_baseline
from cngen.lint.check import check_tree
from cngen.lint.findings import Style, counts_json, findings, from_here, statistics, summary
from cngen.lint.fixing import Changed, fix_all, silence_all
from cngen.lint.formats import formatted
from cngen.lint.rules import check_codes, is_selected, known_rule
from cngen.lint.suppression import by_files
from cngen.project.files import Edited, Worktree
from cngen.project.settings import Settings, path_inside
from cngen.project.sources import Source
from cngen.project.writing import (
    NOT_A_STORE,
    TO_GO_ON,
    difference,
    is_store,
    read_store,
    remove_left_behind,
    write_file,
    write_sources,
    written_store,
)
from cngen.store.staleness import Stale, staleness
from cngen.text.escaping import one_line

STALE = "CN701"
_FOR_PEOPLE = ("full", "concise")
_APART = (
    ("diff", "add_ignores"),
    ("diff", "update_baseline"),
    ("diff", "statistics"),
    ("add_ignores", "update_baseline"),
)
_NEXT_PATTERN = re.compile(r":\s*CN\d*\s*,", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What the command line says beside the settings."""

    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    style: str = "full"
    statistics: bool = False
    add_ignores: bool = False
    update_baseline: bool = False


def with_flags(settings: Settings, flags: dict[str, Any]) -> Settings:
    """The settings as flags change them; those flags are taken out of the others.

    `--select` begins anew, so that what the settings ignore doesn't count beside it; `--ignore` alone
    adds to what they say.

    Raises:
        CngenError: a flag names no rule, or isn't written as it has to be.
    """
    changed: dict[str, Any] = {}
    select, ignore = flags.pop("select"), _codes(*flags.pop("ignore"))
    if select:
        changed["select"], changed["ignore"] = _codes(*select), ignore
        if not changed["select"]:
            raise CngenError("--select names no rule: leave it out, or say `--select CN`")
    elif ignore:
        changed["ignore"] = (*settings.ignore, *ignore)
    patterns = tuple(_pattern(text) for text in flags.pop("per_file_ignores"))
    if patterns:
        changed["per_file_ignores"] = (*settings.per_file_ignores, *patterns)
    baseline = flags.pop("baseline")
    if baseline is not None:
        changed["baseline"] = path_inside("--baseline", baseline)
    settings = replace(settings, **changed)
    check_codes(settings)
    return settings


def _codes(*texts: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for text in texts for code in text.split(",") if code.strip())


def _pattern(text: str) -> tuple[str, tuple[str, ...]]:
    pattern, _, codes = text.rpartition(":")
    is_one = pattern.strip() and not pattern.startswith("!") and not _NEXT_PATTERN.search(pattern)
    if not is_one or not _codes(codes):
        raise CngenError(
            f"--per-file-ignores takes PATTERN:CODES, not `{text}`: say it once for each pattern"
        )
    return pattern, _codes(codes)


def run(settings: Settings, flags: Flags, style: Style) -> int:
    """Check a project as the flags say; the exit status.

    Raises:
        CngenError: the flags don't go together, or what they ask for can't be done.
    """
    _refuse(settings, flags)
    known = _old_baseline(settings) if flags.update_baseline else ()
    if flags.fix or flags.diff:
        files = Worktree(settings.project)
        mended = fix_all(
            lambda after: check_tree(settings, Edited(files, after)), flags.unsafe_fixes
        )
        for path, reason in mended.refused.items():
            note(f"{path}: not fixed: {reason}")
        if flags.diff:
            return _show(settings, mended)
        # Compiled before anything is written: whatever fails then, nothing is.
        compiled = compile_tree(settings, Edited(files, _data(mended.after)))
        _write(settings, mended, "mended")
    else:
        compiled = compile_tree(settings)
    if flags.fix or flags.add_ignores or flags.update_baseline:
        paths = (settings.baseline, *(file.source.path for file in compiled.files))
        remove_left_behind(settings.project, paths)
    stale = _stale(settings, compiled)
    found = (*compiled.diagnostics, *_told(settings, stale))
    compiled = replace(compiled, diagnostics=tuple(sorted(found)))
    if flags.update_baseline:
        _update(settings, compiled, known)
    compiled = _beyond(settings, compiled)
    if flags.add_ignores:
        changed, left = silence_all(compiled)
        _write(settings, changed, "silenced")
        compiled = replace(compiled, diagnostics=left)
    status = _tell(settings, compiled, flags, style)
    if stale is not None and stale.is_cut and flags.style == "full" and not flags.statistics:
        lines = (f"`{settings.output}` differs in {len(stale.items)} ways:", *stale.items)
        show("\n  ".join(map(one_line, lines)) + "\n")
    return status


def _refuse(settings: Settings, flags: Flags) -> None:
    """Stop where one flag would make another mean nothing."""
    for names in _APART:
        if all(getattr(flags, name) for name in names):
            one, other = (f"`--{name.replace('_', '-')}`" for name in names)
            raise CngenError(f"{one} and {other} don't go together: choose one")
    if flags.diff and flags.style not in _FOR_PEOPLE:
        raise CngenError(f"`--diff` has no `--format {flags.style}`: leave one out")
    if flags.statistics and flags.style not in (*_FOR_PEOPLE, "json"):
        raise CngenError(f"`--statistics` has no `--format {flags.style}`: say `json`, or none")
    if flags.update_baseline and not settings.baseline:
        raise CngenError("which file? say `--baseline FILE`, or set `baseline` in [tool.cngen]")


def _show(settings: Settings, mended: Changed) -> int:
    """What the fixes would change in the sources, and a build after them in the store, as a patch."""
    compiled = compile_tree(settings, Edited(Worktree(settings.project), _data(mended.after)))
    old = read_store(settings.project, settings.output)
    is_stale = compiled.text is not None and compiled.text != old
    patch = mended.difference(settings.project)
    if compiled.text is not None and is_stale:
        patch += _store_difference(settings, compiled.text)
    show_patch(patch)
    if mended.after:
        note(_counted(mended, "would be mended"))
    if is_stale:
        note(f"`{settings.output}` would be written")
    elif compiled.text is None and mended.after:
        errors = summary(d for d in compiled.diagnostics if d.severity is Severity.ERROR)
        note(f"`{settings.output}` isn't in it: {errors} left")
    if not mended.after and not is_stale:
        note("nothing can be mended")
        return 0
    return 1


def _store_difference(settings: Settings, new: str) -> str:
    """A patch of the store as it lies there, with its line ends."""
    old = written_store(settings.project, settings.output)
    return difference(old, new, from_here(settings.project, settings.output))


def _data(sources: Mapping[str, Source]) -> dict[str, bytes]:
    return {path: source.data for path, source in sources.items()}


def _write(settings: Settings, changed: Changed, what: str) -> None:
    """Write what was changed and count it.

    Raises:
        CngenError: somebody else changed a source since it was read, which is left as it is.
    """
    left = write_sources(settings.project, _data(changed.before), _data(changed.after))
    if left:
        names = ", ".join(f"`{path}`" for path in left)
        raise CngenError(f"{names} changed while cngen ran and is left as it is: run it again")
    note(_counted(changed, what))


def _counted(changed: Changed, what: str) -> str:
    count, files = changed.count, len(changed.after)
    places = f" in {files} file{'s' if files != 1 else ''}" if files else ""
    return f"{count} finding{'s' if count != 1 else ''} {what}{places}"


def _stale(settings: Settings, compiled: Compiled) -> Stale | None:
    """Why the store isn't what the sources say, if it isn't and they say anything."""
    if compiled.text is None:
        return None
    old = read_store(settings.project, settings.output)
    if old is not None and not is_store(old):
        return Stale(NOT_A_STORE, TO_GO_ON)
    return staleness(old, compiled.text)


def _told(settings: Settings, stale: Stale | None) -> tuple[Diagnostic, ...]:
    """The finding that the store is stale."""
    if stale is None:
        return ()
    message = f"`{settings.output}` {stale.summary}"
    return (Diagnostic(Span(settings.output, 0, 0), STALE, message, stale.hint),)


def _beyond(settings: Settings, compiled: Compiled) -> Compiled:
    """What the baseline doesn't hold; that some of it is gone can be said only of what was looked for."""
    if not settings.baseline:
        return compiled
    known = read_baseline(settings.project, settings.baseline)
    is_looked_for = _looked_for(settings)
    looked_for = [k for k in known if is_looked_for(k)]
    new, gone = beyond(looked_for, compiled.diagnostics)
    if gone and compiled.tree is not None:
        are = "findings are" if gone > 1 else "finding is"
        file = settings.baseline
        note(f"{gone} {are} gone from {file}: run `cngen check --update-baseline`")
    return replace(compiled, diagnostics=new)


def _looked_for(settings: Settings) -> Callable[[Known], bool]:
    """Whether a run finds a finding of the baseline if it is there; one of no rule counts as gone."""
    is_passed = by_files(settings)

    def is_looked_for(known: Known) -> bool:
        rule = known_rule(known.code)
        is_chosen = rule is None or is_selected(settings, rule)
        return is_chosen and not is_passed(known.file, known.code)

    return is_looked_for


def _old_baseline(settings: Settings) -> tuple[Known, ...]:
    """The baseline that is there, if one is."""
    if not os.path.lexists(settings.project / settings.baseline):
        return ()
    return read_baseline(settings.project, settings.baseline)


def _update(settings: Settings, compiled: Compiled, old: Iterable[Known]) -> None:
    """Write what is found and what wasn't looked for."""
    if compiled.tree is None:
        errors = summary(d for d in compiled.diagnostics if d.severity is Severity.ERROR)
        raise CngenError(f"{errors} may hide warnings: no baseline is written")
    is_looked_for = _looked_for(settings)
    kept = (known for known in old if not is_looked_for(known))
    known = tuple(sorted((*kept, *baseline_of(compiled.diagnostics))))
    write_file(settings.project, settings.baseline, baseline_text(known).encode())
    count = sum(k.times for k in known)
    note(f"{settings.baseline}: {count} finding{'s' if count != 1 else ''}")


def _tell(settings: Settings, compiled: Compiled, flags: Flags, style: Style) -> int:
    """Print the findings and how many there are; the exit status."""
    found = compiled.diagnostics
    shown = findings(found, compiled.files, settings.project)
    if flags.statistics:
        text = (counts_json if flags.style == "json" else statistics)(shown)
    else:
        text = formatted(flags.style, shown, style)
    show(text)
    if found:
        note(", ".join((summary(found), *_mendable(found, flags.unsafe_fixes))))
    return 1 if found else 0


def _mendable(found: Iterable[Diagnostic], unsafe: bool) -> Iterator[str]:
    """How many have a fix; all together where those that aren't safe are asked for."""
    fixes = [d.fix.safe or unsafe for d in found if d.fix is not None]
    few, more = fixes.count(True), fixes.count(False)
    if few:
        flags = "--fix --unsafe-fixes" if unsafe else "--fix"
        yield f"{few} can be mended by `cngen check {flags}`"
    if more:
        what = f"{more} more" if few else f"{more} can be mended"
        yield f"{what} by `{'' if few else 'cngen check '}--fix --unsafe-fixes`"
