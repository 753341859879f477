"""One apply at a time per organisation, and a record of each: what `.reconciler/runs` holds."""
