"""Frozen data that the stages hand on: no I/O, no clock, no printing. Imports only `diagnostics`."""
