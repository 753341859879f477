"""JSON Schemas of everything that people and programs read or write, and the audit of the models."""

from reconciler.schema.audit import Difference, audit
from reconciler.schema.export import export_schemas

__all__ = ["Difference", "audit", "export_schemas"]
