"""Shared ACL tags: a body whose policies name tags in, the same body with the definitions it lacks out."""

from collections.abc import Mapping
from typing import Any

from reconciler.model.values import YamlMap


def with_shared_tags(body: YamlMap, shared: Mapping[str, YamlMap]) -> YamlMap:
    """A copy whose `acl_tags` holds the shared tags that its `acl_policies` name and it doesn't define itself."""
    own = body.get("acl_tags")
    defined: Mapping[str, Any] = own if isinstance(own, YamlMap) else {}
    wanted = [name for name in _named_tags(body.get("acl_policies")) if name in shared and name not in defined]
    if not wanted or not (own is None or isinstance(own, YamlMap)):
        return body
    tags = YamlMap(own, marks=dict(own.marks), mark=own.mark) if own is not None else YamlMap()
    for name in wanted:
        definition = shared[name]
        tags[name] = YamlMap(
            {key: value for key, value in definition.items() if key != "name"},
            marks=definition.marks,
            mark=definition.mark,
        )
        if definition.mark:
            tags.marks[name] = definition.mark
    marks = dict(body.marks)
    marks.setdefault("acl_tags", body.marks.get("acl_policies", body.mark))  # type: ignore[arg-type]
    result = YamlMap(body, marks=marks, mark=body.mark)
    result["acl_tags"] = tags
    return result


def _named_tags(policies: Any) -> list[str]:
    """Every tag that policies name, in order, each once; what has another shape is for validate to report."""
    found: dict[str, None] = {}
    for policy in policies if isinstance(policies, list) else ():
        if not isinstance(policy, dict):
            continue
        sources, actions = policy.get("src_tags"), policy.get("actions")
        names = list(sources) if isinstance(sources, list) else []
        for action in actions if isinstance(actions, list) else ():
            names.append(action.get("dst_tag") if isinstance(action, dict) else None)
        found.update(dict.fromkeys(name for name in names if isinstance(name, str)))
    return list(found)
