"""Benchmarks and checks on large or real data, run by `scripts/bench`; never loaded by Odoo."""
