"""The fields of a shared ACL tag."""

from pydantic import Field

from reconciler.kinds.shared.acl import AclTagDefinition


class AclTag(AclTagDefinition):
    """An ACL tag with its name; inside a template the name is the tag's key."""

    name: str = Field(min_length=1, description="The name that ACL policies use")
