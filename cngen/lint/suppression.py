"""Findings -> those that remain after settings and comments have silenced others.

Errors can't be silenced, since no store is written from a tree with one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from cngen import codes
from cngen.diagnostics import Diagnostic, Edit, Fix, Severity, Span, did_you_mean, has_errors
from cngen.lint.rules import all_rules, is_selected, known_rule
from cngen.project.settings import Settings
from cngen.project.sources import line_starts, module_name, position
from cngen.reading.names import File
from cngen.syntax.facts import Code, Ignore, Import

ABOUT_COMMENTS = (codes.BARE_IGNORE.code, codes.INVALID_IGNORE.code, codes.UNUSED_IGNORE.code)
"""The codes of the findings about comments themselves, which no comment silences."""


UNREAD = (codes.INVALID_SYNTAX.code, codes.UNDECODABLE_FILE.code, codes.DEEP_NESTING.code)
"""The codes of findings that leave a whole file unread."""


def remaining(
    settings: Settings, files: Sequence[File], found: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """The findings that no setting and no comment passes over, and those about the comments, sorted.

    While there is an error, what a comment silences may not be found: no comment counts as unused.
    """
    by_code = {rule.code: rule for rule in all_rules()}
    understood = _understood(settings, files, tuple(found))
    wanted = [d for d in understood if is_selected(settings, by_code[d.code])]
    inside = [file for file in files if file.source.group is not None and file.module.ignores]
    comments = {file.source.path: _Comments(file) for file in inside}
    left: list[Diagnostic] = []
    for diagnostic in wanted:
        of_file = comments.get(diagnostic.span.file)
        if of_file is None or not of_file.silence(diagnostic):
            left.append(diagnostic)
    about = (d for of_file in comments.values() for d in of_file.findings(settings))
    passed = {codes.UNUSED_IGNORE.code} if has_errors(left) else set()
    left.extend(d for d in about if is_selected(settings, by_code[d.code]) and d.code not in passed)
    return tuple(sorted(_without_files(settings, left)))


def _understood(
    settings: Settings, files: Sequence[File], found: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    """While a file can't be read: the errors in files that don't need it.

    What a name from such a file means isn't known, nor what the file uses of others: guesses about it
    would hide the one mistake, and a fix could remove what is used there.
    """
    unread = {module_name(d.span.file, settings) for d in found if d.code in UNREAD}
    if not unread:
        return found
    needs = {f.source.module: (f.source.path, _imported(f)) for f in files}
    unclear: set[str] = set()
    waiting = [*unread]
    while waiting:
        module = waiting.pop()
        for importer, (path, modules) in needs.items():
            if module in modules and path not in unclear:
                unclear.add(path)
                waiting.append(importer)
    errors = (d for d in found if d.severity is Severity.ERROR)
    return tuple(d for d in errors if d.code in UNREAD or d.span.file not in unclear)


def _imported(file: File) -> frozenset[str]:
    """The modules that a file may take names from."""
    imports = (s for s in file.module.body if isinstance(s, Import))
    return frozenset(module for statement in imports for module in file.modules(statement))


def _without_files(settings: Settings, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """What the per-file ignores leave."""
    is_passed = by_files(settings)
    for diagnostic in found:
        is_error = diagnostic.severity is Severity.ERROR
        if is_error or not is_passed(diagnostic.span.file, diagnostic.code):
            yield diagnostic


def by_files(settings: Settings) -> Callable[[str, str], bool]:
    """Whether the per-file ignores pass over a code in a file."""
    if not settings.per_file_ignores:
        return lambda file, code: False
    from pathspec import GitIgnoreSpec  # only those pay for it who use it

    passed = [
        (GitIgnoreSpec.from_lines([pattern]), codes) for pattern, codes in settings.per_file_ignores
    ]
    return lambda file, code: any(
        code.startswith(codes) and spec.match_file(file) for spec, codes in passed
    )


class _Comments:
    """The `# cngen: ignore[...]` comments of one file, and which of their codes silenced something."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._starts = line_starts(file.text)
        self._by_line: dict[int, list[Ignore]] = {}
        self._used: set[tuple[int, str]] = set()
        for ignore in file.module.ignores:
            self._by_line.setdefault(self._line(ignore.start), []).append(ignore)

    def silence(self, diagnostic: Diagnostic) -> bool:
        """Whether a comment on the first or the last line of a finding names its code."""
        if diagnostic.severity is Severity.ERROR:
            return False
        span = diagnostic.span
        is_silenced = False
        for line in {self._line(span.start), self._line(max(span.start, span.end - 1))}:
            for ignore in self._by_line.get(line, ()):
                if ignore.word == "ignore" and any(c.text == diagnostic.code for c in ignore.codes):
                    self._used.add((ignore.start, diagnostic.code))
                    is_silenced = True
        return is_silenced

    def findings(self, settings: Settings) -> Iterator[Diagnostic]:
        """What is wrong with the comments themselves."""
        for ignore in self._file.module.ignores:
            place = self._span(ignore.start, ignore.end)
            if ignore.word != "ignore":
                message = f"unknown comment to cngen: `{ignore.word}`"
                near = "" if "#" in ignore.word else did_you_mean(ignore.word, ("ignore",))
                hint = near or "write `# cngen: ignore[CODE]`"
                yield codes.INVALID_IGNORE.found(place, message, hint)
            elif not ignore.codes:
                message = "this comment names no code, so it silences nothing"
                yield codes.BARE_IGNORE.found(
                    place, message, "name the codes: `# cngen: ignore[CN207]`"
                )
            else:
                for code in ignore.codes:
                    yield from self._code(settings, ignore, code)

    def _code(self, settings: Settings, ignore: Ignore, code: Code) -> Iterator[Diagnostic]:
        if (ignore.start, code.text) in self._used:
            return
        rule = known_rule(code.text)
        place = self._span(code.start, code.end)
        if rule is None or rule.code != code.text:
            meant = code.text.upper() if rule is None else rule.code
            hint = did_you_mean(meant, [r.code for r in all_rules()])
            message = f"unknown rule code `{code.text}`"
            yield codes.INVALID_IGNORE.found(place, message, hint)
        elif rule.severity is Severity.ERROR:
            message = f"`{code.text}` is an error, and errors can't be silenced"
            yield codes.INVALID_IGNORE.found(
                place, message, "fix the error, and remove the comment"
            )
        elif is_selected(settings, rule):
            message = f"unused ignore: this line has no {code.text} finding"
            fix = Fix((self._removal(ignore, code),))
            yield codes.UNUSED_IGNORE.found(place, message, "remove it", fix)

    def _removal(self, ignore: Ignore, code: Code) -> Edit:
        """Take a code away, or the whole comment if it has no other."""
        text, number = self._file.text, ignore.codes.index(code)
        if len(ignore.codes) > 1:
            start = ignore.codes[number - 1].end if number else code.start
            end = code.end if number else ignore.codes[1].start
            return Edit(self._span(start, end), "")
        line = self._starts[self._line(ignore.start) - 1]
        end_of_line = text.find("\n", ignore.end) % (len(text) + 1)
        before, behind = text[line : ignore.start], text[ignore.end : end_of_line]
        if behind.strip():  # what follows is a separate comment
            kept = "" if behind.lstrip().startswith("#") else "#"
            end = ignore.end + len(behind) - len(behind.lstrip() if not kept else behind)
            return Edit(self._span(ignore.start, end), kept)
        if before.strip():
            return Edit(self._span(line + len(before.rstrip()), end_of_line), "")
        return Edit(self._span(line, min(end_of_line + 1, len(text))), "")

    def _span(self, start: int, end: int) -> Span:
        return Span(self._file.source.path, start, end)

    def _line(self, offset: int) -> int:
        return position(self._starts, offset)[0]
