"""JSON Schemas of everything that people and programs read or write, the field reference, the audit of the models."""

from reconciler.schema.audit import FACTS, Difference, audit
from reconciler.schema.export import export_schemas
from reconciler.schema.pages import export_pages

__all__ = ["FACTS", "Difference", "audit", "export_pages", "export_schemas"]
