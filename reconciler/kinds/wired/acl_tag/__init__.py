"""ACL tags for use in many places: compose copies those that ACL policies name into the template or setting."""

from pydantic import Field

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.acl import AclTagDefinition
from reconciler.kinds.wired.acl_tag.rules import check_acl_tag


class AclTag(AclTagDefinition):
    """An ACL tag with its name; inside a template the name is the tag's key."""

    name: str = Field(min_length=1, description="The name that ACL policies use")


KIND = Kind(
    name="acl_tag",
    plural="acl_tags",
    title="ACL tag",
    endpoints=(),
    model=AclTag,
    schema="acl_tag",
    composed_only=True,
    order=5,
    check=check_acl_tag,
)
