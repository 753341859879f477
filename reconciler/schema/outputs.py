"""JSON Schemas of what `--json` prints: plans, drift, validation. Written by hand: these formats are a promise."""

from typing import Any, Final

from reconciler.diagnostics import Severity
from reconciler.model.change import Action, Cause, Status
from reconciler.schema.forms import DIALECT
from reconciler.schema.tidy import Json

TEXT: Final[Json] = {"type": "string"}
MAYBE: Final[Json] = {"type": ["string", "null"]}
COUNT: Final[Json] = {"type": "integer", "minimum": 0}
TEXTS: Final[Json] = {"type": "array", "items": TEXT}


def plan_schema() -> Json:
    """`plan --json`, `show --json` and, with outcomes, `apply --json`."""
    heard = _object({"mac": TEXT, "name": TEXT, "site": TEXT, "answer": TEXT, "event": TEXT}, closed=False)
    optional = {
        **{status.value: _about(COUNT, f"After an apply: how many changes ended {status.value}") for status in Status},
        "outcomes": {"type": "array", "items": _ref("outcome"), "description": "After an apply: what became of each"},
        "devices": _about(
            _object({"calls": COUNT, "problem": TEXT, "heard": {"type": "array", "items": heard}}, closed=False),
            "With --watch-devices: what switches and WAN edges said of their configuration",
        ),
    }
    return _report("A plan", "changes", "What a run would do, in the order of application", optional)


def drift_schema() -> Json:
    """`drift --json`."""
    hidden = _object({"address": TEXT, "path": TEXT}, closed=False)
    exception = _object({"address": TEXT, "hides": {"type": "array", "items": hidden}}, closed=False)
    log = _object({"days": COUNT, "entries": COUNT, "problem": TEXT}, closed=False)
    owned = _object({"declared": COUNT, "live": COUNT, "percent": COUNT, "kinds": {"type": "object"}}, closed=False)
    optional = {
        "unmanaged_edited": _about({"type": "object"}, "The last edit of each unmanaged object, null when unknown"),
        "elsewhere": _about(
            {"type": "array", "items": _object({"address": TEXT, "made": {"type": "boolean"}}, closed=False)},
            "What the audit log shows in lists that were not read",
        ),
        "also_there": _about(
            {"type": "array", "items": _object({"address": TEXT, "path": TEXT}, closed=False)},
            "What is live inside of a declared map or list without being declared; it is not planned",
        ),
        "owned": _about(_maybe(owned), "How many of the live objects that were read are declared, and of each kind"),
        "exceptions": _about({"type": "array", "items": exception}, "What `ignore` in reconciler.yaml hides"),
        "audit_log": _about(_maybe(log), "How far the audit log was read; null when there was nothing to ask"),
    }
    return _report("A drift report", "drift", "What would bring the cloud back to what is declared", optional)


def validate_schema() -> Json:
    """`validate --json`."""
    properties = {
        "valid": {"type": "boolean", "description": "Whether a plan could be made"},
        "summary": _object({"resources": COUNT, **{severity.value: COUNT for severity in Severity}}),
        "diagnostics": {"type": "array", "items": _ref("diagnostic")},
    }
    return _document("What validation found", properties, {}, ("diagnostic",))


def _report(title: str, key: str, told: str, optional: Json) -> Json:
    properties = {
        "org": _object({"id": TEXT, "name": TEXT}),
        "summary": _object(
            {**{action.value: COUNT for action in Action}, "unchanged": COUNT},
            {"deleted_with": _about(COUNT, "Objects that the cloud deletes along with those that are deleted")},
        ),
        key: {"type": "array", "items": _ref("change"), "description": told},
        "diagnostics": {"type": "array", "items": _ref("diagnostic")},
        "calls": _about(
            _object({"read": COUNT, "write": COUNT}, {"apply": COUNT}),
            "API calls: made so far, the writes of an apply, and all calls of it if nothing disturbs it",
        ),
    }
    lists = dict.fromkeys(("kinds", "unread", "masked", "missing", "strange"), TEXTS)
    scope = _object({"objects": COUNT, **lists, "spared": COUNT}, closed=False)
    more = {
        "unmanaged": _about(TEXTS, "Live objects of managed kinds that nothing declares"),
        "compared": _about(
            scope, "What was looked at, what was not, and secrets that the cloud hides or that have no value here"
        ),
        **optional,
    }
    names = ("change", "diagnostic", "field", "root") + (("outcome",) if "outcomes" in optional else ())
    return _document(title, properties, more, names)


def _document(title: str, properties: Json, optional: Json, names: tuple[str, ...]) -> Json:
    """Errors take the place of the document's own keys: then there are `error` and `diagnostics`."""
    version = {"type": "string", "pattern": r"^1\.\d+$", "description": "Grows in its second part when keys are added"}
    error = _object({"type": TEXT, "message": TEXT, "remedy": TEXT, "exit_code": {"type": "integer"}}, closed=False)
    return {
        "$schema": DIALECT,
        "title": title,
        "description": "Readers should let keys pass that they don't know: new ones may be added.",
        "type": "object",
        "properties": {
            "format_version": version,
            **properties,
            **optional,
            "error": _about(error, "What stopped the run; the other keys are then missing"),
        },
        "required": ["format_version", "diagnostics"],
        "anyOf": [{"required": sorted(properties)}, {"required": ["error"]}],
        "$defs": {name: _DEFINITIONS[name] for name in sorted(names)},
    }


def _object(properties: Json, optional: Json | None = None, *, closed: bool = True) -> Json:
    schema: Json = {"type": "object", "properties": {**properties, **(optional or {})}, "required": list(properties)}
    return {**schema, "additionalProperties": False} if closed else schema


def _about(schema: Json, description: str) -> Json:
    return {**schema, "description": description}


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _maybe(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


_PLACE = _object({"file": TEXT, "line": {"type": "integer"}, "column": {"type": "integer"}})
_EDIT = _object(
    {"admin": TEXT, "timestamp": {"type": "number"}, "message": TEXT},
    {
        "time": _about(TEXT, "The timestamp in ISO 8601, UTC"),
        "address": _about(TEXT, "The network address it was made from; may be empty"),
        "shown": {"type": "boolean", "description": "The log shows this very change, not only that the object changed"},
    },
)
_TAKEN = _object({"kind": TEXT, "name": TEXT, "count": COUNT}, closed=False)
_CAUSE: Json = {"enum": [cause.value for cause in Cause]}
_ACTION = {"enum": [action.value for action in Action]}
_DEFINITIONS: Final[dict[str, Any]] = {
    "change": _object(
        {
            "address": _about(TEXT, "Such as site.Paris-HQ/wlan.Guest"),
            "kind": TEXT,
            "action": _ACTION,
            "fields": {"type": "array", "items": _ref("field")},
            "replaces": _about(TEXTS, "Root keys that are sent, each replaced whole"),
            "depends_on": _about(TEXTS, "Addresses of changes that come first"),
        },
        {
            "source": _about(_maybe(_PLACE), "Where the object is declared; null for a delete"),
            "clears": _about(TEXTS, "Root keys that are removed"),
            "deferred": _about(TEXTS, "Root keys that are sent in a second pass, because objects refer to each other"),
            "roots": {"type": "array", "items": _ref("root")},
            "reaches": _about(TEXTS, "Sites that a changed or deleted template applies to"),
            "results": {
                "type": "array",
                "items": _object({"path": TEXT, "value": {}, "from": {"enum": ["live", "default"]}}, closed=False),
                "description": "What fields that decide over others come to where nobody declared them: auth.type",
            },
            "takes": _about({"type": "array", "items": _TAKEN}, "What the cloud deletes with a deleted object"),
            "releases": _about({"type": "array", "items": _TAKEN}, "What it sets free: devices are claimed ones again"),
            "renamed_from": _about(MAYBE, "The live name, where an alias matched"),
            "moved_from": _about(MAYBE, "The address of what holds it until then, where the change moves it"),
            "cause": _about(
                _maybe(_CAUSE),
                "With a base: the files, a hand (drift), both, or no longer declared",
            ),
            "edited": _about(_maybe(_EDIT), "In a drift report: the last edit of the object, from the audit log"),
        },
        closed=False,
    ),
    "field": _object(
        {
            "path": _about(TEXT, "Such as auth.psk or acl_policies[iot].actions[any].action"),
            "before": _about({}, "The live value; null when absent or sensitive"),
            "after": _about({}, "The declared value; null when absent or sensitive"),
            "sensitive": {"type": "boolean", "description": "A secret: changed, but not shown"},
        },
        {
            "note": _about(
                TEXT,
                "What a value can't say, such as order or merge; or which old element this is like",
            ),
            "cause": _about(_maybe(_CAUSE), "With a base: why this field would change"),
            "edited": _about(_maybe(_EDIT), "In a drift report: who made live differ here; null when unknown"),
        },
        closed=False,
    ),
    "root": _object(
        {
            "root": TEXT,
            "before": COUNT,
            "after": COUNT,
            "gains": _about(TEXTS, "Elements or keys that are added"),
            "loses": _about(TEXTS, "Elements or keys that go"),
            "keeps": _about(COUNT, "Undeclared leaves that are sent back unchanged"),
            "drops": _about(TEXTS, "Undeclared leaves that the write loses"),
        },
        closed=False,
    ),
    "diagnostic": _object(
        {
            "severity": {"enum": [severity.value for severity in Severity]},
            "summary": _about(TEXT, "The same words for the same rule"),
            "detail": _about(TEXT, "What is wrong here, and what to do"),
            "address": MAYBE,
            "file": MAYBE,
            "line": {"type": ["integer", "null"]},
            "column": {"type": ["integer", "null"]},
        },
        {"rule": _about(TEXT, "A stable id such as unknown-key")},
        closed=False,
    ),
    "outcome": _object(
        {
            "address": TEXT,
            "action": _ACTION,
            "status": {"enum": [status.value for status in Status]},
            "detail": TEXT,
        },
        {
            "id": _about(MAYBE, "The live id, after a create"),
            "verified": _about(
                {"type": ["boolean", "null"]}, "Whether live is as declared after the write; null: it was not read back"
            ),
            "unsure": {"type": "boolean", "description": "A write was sent, and whether it is stored is not known"},
        },
        closed=False,
    ),
}
