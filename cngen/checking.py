"""`cngen check`: settings and flags -> what is printed, mended and written, and the exit status."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import click

from cngen.baseline import baseline_of, baseline_text, beyond, read_baseline
from cngen.compiler import Compiled, check_tree, compile_tree
from cngen.diagnostic import Diagnostic, Span
from cngen.errors import CngenError
from cngen.fixing import Changed, fix_all, silence_all
from cngen.formats import formatted
from cngen.report import Style, findings, statistics, summary
from cngen.rules import check_codes, is_selected, known_rule
from cngen.settings import Settings
from cngen.write import difference, read_store, write_source

STALE = "CN701"
_FOR_PEOPLE = ("full", "concise")


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
    select, ignore = flags.pop("select"), _codes(flags.pop("ignore") or "")
    if select is not None:
        changed["select"], changed["ignore"] = _codes(select), ignore
    elif ignore:
        changed["ignore"] = (*settings.ignore, *ignore)
    patterns = tuple(_pattern(text) for text in flags.pop("per_file_ignores"))
    if patterns:
        changed["per_file_ignores"] = (*settings.per_file_ignores, *patterns)
    baseline = flags.pop("baseline")
    if baseline is not None:
        changed["baseline"] = baseline
    settings = replace(settings, **changed)
    check_codes(settings)
    return settings


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())


def _pattern(text: str) -> tuple[str, tuple[str, ...]]:
    pattern, colon, codes = text.rpartition(":")
    if not colon or not _codes(codes):
        raise CngenError(f"--per-file-ignores takes PATTERN:CODES, not `{text}`")
    return pattern, _codes(codes)


def run(settings: Settings, flags: Flags, style: Style) -> int:
    """Check a project as the flags say; the exit status."""
    if flags.update_baseline and not settings.baseline:
        raise CngenError("which file? say `--baseline FILE`, or set `baseline` in [tool.cngen]")
    if flags.update_baseline and flags.add_ignores:
        raise CngenError("`--add-ignores` and `--update-baseline` don't go together: choose one")
    mended = fix_all(partial(check_tree, settings), flags.unsafe_fixes) if _fixes(flags) else None
    if flags.diff and mended is not None:
        return _show(settings, mended)
    if mended is not None:
        _write(settings, mended)
        click.echo(_counted(mended, "mended"), err=True)
    compiled = compile_tree(settings)
    found = (*compiled.diagnostics, *_stale(settings, compiled))
    compiled = replace(compiled, diagnostics=tuple(sorted(found)))
    if flags.update_baseline:
        _update(settings, compiled)
    compiled = _beyond(settings, compiled)
    if flags.add_ignores:
        changed, left = silence_all(compiled)
        _write(settings, changed)
        click.echo(_counted(changed, "silenced"), err=True)
        compiled = replace(compiled, diagnostics=left)
    return _tell(settings, compiled, flags, style)


def _fixes(flags: Flags) -> bool:
    return flags.fix or flags.unsafe_fixes or flags.diff


def _show(settings: Settings, mended: Changed) -> int:
    """What the fixes would change in the sources and, by that, in a store."""
    text = mended.difference()
    if text:
        before = compile_tree(settings).text
        sources = {path: source.data for path, source in mended.after.items()}
        after = compile_tree(settings, sources).text
        if before is not None and after is not None:
            text += difference(before, after, settings.output)
    click.echo(text, nl=False)
    return 1 if text else 0


def _write(settings: Settings, changed: Changed) -> None:
    for path, source in changed.after.items():
        write_source(settings.project / path, source.data)


def _counted(changed: Changed, what: str) -> str:
    count, files = changed.count, len(changed.after)
    places = f" in {files} file{'s' if files != 1 else ''}" if files else ""
    return f"{count} finding{'s' if count != 1 else ''} {what}{places}"


def _stale(settings: Settings, compiled: Compiled) -> tuple[Diagnostic, ...]:
    """The finding that the store isn't what the sources say, if it isn't."""
    old = read_store(settings.project / settings.output)
    if compiled.text is None or old == compiled.text:
        return ()
    what = "is missing" if old is None else "isn't what the sources compile to"
    message = f"`{settings.output}` {what}"
    return (Diagnostic(Span(settings.output, 0, 0), STALE, message, "run `cngen build`"),)


def _beyond(settings: Settings, compiled: Compiled) -> Compiled:
    """What the baseline doesn't hold; that some of it is gone can be said only of what was looked for."""
    if not settings.baseline:
        return compiled
    known = read_baseline(settings.project / settings.baseline)
    looked_for = [k for k in known if _is_looked_for(settings, k.code)]
    new, gone = beyond(looked_for, compiled.diagnostics)
    if gone and compiled.tree is not None:
        are = "findings are" if gone > 1 else "finding is"
        file = settings.baseline
        click.echo(f"{gone} {are} gone from {file}: run `cngen check --update-baseline`", err=True)
    return replace(compiled, diagnostics=new)


def _is_looked_for(settings: Settings, code: str) -> bool:
    rule = known_rule(code)
    return rule is None or is_selected(settings, rule)


def _update(settings: Settings, compiled: Compiled) -> None:
    known = baseline_of(compiled.diagnostics)
    write_source(settings.project / settings.baseline, baseline_text(known).encode())
    count = sum(k.times for k in known)
    click.echo(f"{settings.baseline}: {count} finding{'s' if count != 1 else ''}", err=True)


def _tell(settings: Settings, compiled: Compiled, flags: Flags, style: Style) -> int:
    """Print the findings, how many there are, and what a stale store differs in."""
    found = compiled.diagnostics
    shown = findings(found, compiled.files, settings.project)
    text = statistics(shown) if flags.statistics else formatted(flags.style, shown, style)
    click.echo(text, nl=False)
    if found:
        click.echo(", ".join((summary(found), *_mendable(found))), err=True)
    is_for_people = flags.style in _FOR_PEOPLE and not flags.statistics
    if is_for_people and compiled.text is not None and any(d.code == STALE for d in found):
        old = read_store(settings.project / settings.output)
        click.echo(difference(old, compiled.text, settings.output), nl=False)
    return 1 if found else 0


def _mendable(found: tuple[Diagnostic, ...]) -> Iterator[str]:
    fixes = [d.fix.safe for d in found if d.fix is not None]
    safe, unsafe = fixes.count(True), fixes.count(False)
    if safe:
        yield f"{safe} can be mended by `cngen check --fix`"
    if unsafe:
        yield (
            f"{unsafe} by `--unsafe-fixes`"
            if safe
            else f"{unsafe} can be mended by `--unsafe-fixes`"
        )
