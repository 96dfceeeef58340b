"""`cngen check`: settings and flags -> what is printed, fixed and written, and the exit status."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cngen import codes
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

_FOR_PEOPLE = ("full", "concise")
_EXCLUSIVE = (
    ("diff", "add_ignores"),
    ("diff", "update_baseline"),
    ("diff", "statistics"),
    ("add_ignores", "update_baseline"),
)
_NEXT_PATTERN = re.compile(r":\s*CN\d*\s*,", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFlags:
    """The flags of the command line that aren't settings."""

    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    style: str = "full"
    statistics: bool = False
    add_ignores: bool = False
    update_baseline: bool = False


def with_flags(settings: Settings, flags: dict[str, Any]) -> Settings:
    """The settings as the flags change them; these flags are removed from the others.

    `--select` replaces both `select` and `ignore` of the settings; `--ignore` without it adds to them.

    Raises:
        CngenError: a flag names an unknown rule, or is malformed.
    """
    changed: dict[str, Any] = {}
    select, ignore = flags.pop("select"), _codes(*flags.pop("ignore"))
    if select:
        changed["select"], changed["ignore"] = _codes(*select), ignore
        if not changed["select"]:
            raise CngenError("--select needs at least one code, for example `--select CN`")
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
            f"--per-file-ignores expects PATTERN:CODES, not `{text}`: repeat it for each pattern"
        )
    return pattern, _codes(codes)


def run(settings: Settings, flags: CheckFlags, style: Style) -> int:
    """Check a project with these flags; the exit status.

    Raises:
        CngenError: the flags can't be combined, or what they ask for can't be done.
    """
    _refuse(settings, flags)
    known = _old_baseline(settings) if flags.update_baseline else ()
    if flags.fix or flags.diff:
        files = Worktree(settings.project)
        fixed = fix_all(
            lambda after: check_tree(settings, Edited(files, after)), flags.unsafe_fixes
        )
        for path, reason in fixed.refused.items():
            note(f"{path}: not fixed: {reason}")
        if flags.diff:
            return _show(settings, fixed)
        # Compiled before anything is written: whatever fails then, nothing is.
        compiled = compile_tree(settings, Edited(files, _data(fixed.after)))
        _write(settings, fixed, "fixed")
    else:
        compiled = compile_tree(settings)
    if flags.fix or flags.add_ignores or flags.update_baseline:
        paths = (settings.baseline, *(file.source.path for file in compiled.files))
        remove_left_behind(settings.project, paths)
    stale = _stale(settings, compiled)
    found = (*compiled.diagnostics, *_stale_finding(settings, stale))
    compiled = replace(compiled, diagnostics=tuple(sorted(found)))
    if flags.update_baseline:
        _update(settings, compiled, known)
    compiled = _beyond(settings, compiled)
    if flags.add_ignores:
        changed, left = silence_all(compiled)
        _write(settings, changed, "silenced")
        compiled = replace(compiled, diagnostics=left)
    status = _report(settings, compiled, flags, style)
    if stale is not None and stale.is_cut and flags.style == "full" and not flags.statistics:
        lines = (f"`{settings.output}` differs in {len(stale.items)} ways:", *stale.items)
        show("\n  ".join(map(one_line, lines)) + "\n")
    return status


def _refuse(settings: Settings, flags: CheckFlags) -> None:
    """Raise an error for flags that can't be combined."""
    for names in _EXCLUSIVE:
        if all(getattr(flags, name) for name in names):
            one, other = (f"`--{name.replace('_', '-')}`" for name in names)
            raise CngenError(f"{one} can't be combined with {other}")
    if flags.diff and flags.style not in _FOR_PEOPLE:
        raise CngenError(f"`--diff` can't be combined with `--format {flags.style}`")
    if flags.statistics and flags.style not in (*_FOR_PEOPLE, "json"):
        message = f"`--statistics` can't be combined with `--format {flags.style}`: use `json`"
        raise CngenError(message)
    if flags.update_baseline and not settings.baseline:
        how = "pass `--baseline FILE`, or set `baseline` in [tool.cngen]"
        raise CngenError(f"`--update-baseline` needs a file: {how}")


def _show(settings: Settings, fixed: Changed) -> int:
    """What the fixes would change in the sources, and a build after them in the store, as a patch."""
    compiled = compile_tree(settings, Edited(Worktree(settings.project), _data(fixed.after)))
    old = read_store(settings.project, settings.output)
    is_stale = compiled.text is not None and compiled.text != old
    patch = fixed.difference(settings.project)
    if compiled.text is not None and is_stale:
        patch += _store_difference(settings, compiled.text)
    show_patch(patch)
    if fixed.after:
        note(_counted(fixed, "would be fixed"))
    if is_stale:
        note(f"`{settings.output}` would be written")
    elif compiled.text is None and fixed.after:
        errors = summary(d for d in compiled.diagnostics if d.severity is Severity.ERROR)
        note(f"the patch leaves `{settings.output}` out: {errors} left")
    if not fixed.after and not is_stale:
        note("nothing to fix")
        return 0
    return 1


def _store_difference(settings: Settings, new: str) -> str:
    """A patch of the store on disk, with its line ends."""
    old = written_store(settings.project, settings.output)
    return difference(old, new, from_here(settings.project, settings.output))


def _data(sources: Mapping[str, Source]) -> dict[str, bytes]:
    return {path: source.data for path, source in sources.items()}


def _write(settings: Settings, changed: Changed, what: str) -> None:
    """Write what was changed and count it.

    Raises:
        CngenError: a source changed since it was read; it isn't overwritten.
    """
    left = write_sources(settings.project, _data(changed.before), _data(changed.after))
    if left:
        names = ", ".join(f"`{path}`" for path in left)
        raise CngenError(f"{names} changed while cngen ran and was not written: run cngen again")
    note(_counted(changed, what))


def _counted(changed: Changed, what: str) -> str:
    count, files = changed.count, len(changed.after)
    places = f" in {files} file{'s' if files != 1 else ''}" if files else ""
    return f"{count} finding{'s' if count != 1 else ''} {what}{places}"


def _stale(settings: Settings, compiled: Compiled) -> Stale | None:
    """Why the store isn't up to date; None if it is, or if the sources have errors."""
    if compiled.text is None:
        return None
    old = read_store(settings.project, settings.output)
    if old is not None and not is_store(old):
        return Stale(NOT_A_STORE, TO_GO_ON)
    return staleness(old, compiled.text)


def _stale_finding(settings: Settings, stale: Stale | None) -> tuple[Diagnostic, ...]:
    """The finding that the store is stale."""
    if stale is None:
        return ()
    message = f"`{settings.output}` {stale.summary}"
    return (codes.STALE_STORE.found(Span(settings.output, 0, 0), message, stale.hint),)


def _beyond(settings: Settings, compiled: Compiled) -> Compiled:
    """Remove what is in the baseline; findings that no longer occur are noted for the selected rules."""
    if not settings.baseline:
        return compiled
    known = read_baseline(settings.project, settings.baseline)
    is_looked_for = _looked_for(settings)
    looked_for = [k for k in known if is_looked_for(k)]
    new, gone = beyond(looked_for, compiled.diagnostics)
    if gone and compiled.tree is not None:
        what = "findings no longer occur" if gone > 1 else "finding no longer occurs"
        note(f"{settings.baseline}: {gone} {what}, run `cngen check --update-baseline`")
    return replace(compiled, diagnostics=new)


def _looked_for(settings: Settings) -> Callable[[Known], bool]:
    """Whether this run would report a finding of the baseline; one of an unknown rule counts as fixed."""
    is_passed = by_files(settings)

    def is_looked_for(known: Known) -> bool:
        rule = known_rule(known.code)
        is_chosen = rule is None or is_selected(settings, rule)
        return is_chosen and not is_passed(known.file, known.code)

    return is_looked_for


def _old_baseline(settings: Settings) -> tuple[Known, ...]:
    """The findings in the baseline file, none if there is no file."""
    if not os.path.lexists(settings.project / settings.baseline):
        return ()
    return read_baseline(settings.project, settings.baseline)


def _update(settings: Settings, compiled: Compiled, old: Iterable[Known]) -> None:
    """Write the findings of this run, and the known ones of rules that it didn't apply."""
    if compiled.tree is None:
        errors = summary(d for d in compiled.diagnostics if d.severity is Severity.ERROR)
        raise CngenError(f"no baseline written: {errors} may hide warnings")
    is_looked_for = _looked_for(settings)
    kept = (known for known in old if not is_looked_for(known))
    known = tuple(sorted((*kept, *baseline_of(compiled.diagnostics))))
    write_file(settings.project, settings.baseline, baseline_text(known).encode())
    count = sum(k.times for k in known)
    note(f"{settings.baseline}: {count} finding{'s' if count != 1 else ''}")


def _report(settings: Settings, compiled: Compiled, flags: CheckFlags, style: Style) -> int:
    """Print the findings and their number; the exit status."""
    found = compiled.diagnostics
    shown = findings(found, compiled.files, settings.project)
    if flags.statistics:
        text = (counts_json if flags.style == "json" else statistics)(shown)
    else:
        text = formatted(flags.style, shown, style)
    show(text)
    if found:
        note(", ".join((summary(found), *_fixable(found, flags.unsafe_fixes))))
    return 1 if found else 0


def _fixable(found: Iterable[Diagnostic], unsafe: bool) -> Iterator[str]:
    """How many have a fix; safe and unsafe ones together with `--unsafe-fixes`."""
    fixes = [d.fix.safe or unsafe for d in found if d.fix is not None]
    few, more = fixes.count(True), fixes.count(False)
    if few:
        flags = "--fix --unsafe-fixes" if unsafe else "--fix"
        yield f"{few} fixable with `cngen check {flags}`"
    if more:
        what = f"{more} more" if few else f"{more} fixable"
        yield f"{what} with `{'' if few else 'cngen check '}--fix --unsafe-fixes`"
