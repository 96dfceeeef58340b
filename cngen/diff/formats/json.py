"""The whole comparison as one JSON object, for programs: docs/diff.schema.json describes it."""

import json

from cngen.compose.configs import Composed
from cngen.diff.changes import Change, Comparison, Effect, Impact
from cngen.lint.findings import Style


def render(comparison: Comparison, style: Style, verbose: bool) -> str:
    """The object; nothing in it is folded or cut."""
    counts = {impact.value: len(comparison.of(impact)) for impact in Impact}
    document = {
        "base": comparison.base,
        "head": comparison.head,
        "summary": {
            **counts,
            "configs": len(comparison.configs),
            "changed_configs": len(comparison.touched),
        },
        "changes": [_change(change) for impact in Impact for change in comparison.of(impact)],
        "configs": list(comparison.configs),
        "notes": list(comparison.notes),
    }
    return json.dumps(document, indent=2) + "\n"


def _change(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "subject": change.subject,
        "impact": change.impact.value,
        "message": change.message,
        "old": change.old,
        "new": change.new,
        "location": _location(change),
        "gone": [{"key": gone.key, "instead": gone.instead} for gone in change.gone],
        "effects": [_effect(effect) for effect in change.effects],
        "jobs": [{"config": j.config, "old": j.old, "new": j.new} for j in change.jobs],
        "configs": list(change.configs),
    }


def _location(change: Change) -> dict[str, object] | None:
    at = change.location
    if at is None:
        return None
    return {"file": at.path, "line": at.line, "column": at.column, "is_old": at.is_old}


def _effect(effect: Effect) -> dict[str, object]:
    return {
        "key": effect.key,
        "old": _composed(effect.old),
        "new": _composed(effect.new),
        "configs": list(effect.configs),
    }


def _composed(composed: Composed | None) -> dict[str, object] | None:
    return None if composed is None else {"value": composed.value, "type": composed.type}
