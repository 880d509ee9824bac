"""The suites, one per domain and one over all marts: what must hold, of what, and why.

Kept out: rules that need one model or exact figures (dbt tests), and rules of a row or file (contracts).
"""
