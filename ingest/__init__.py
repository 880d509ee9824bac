"""Landing to lake and ledger: what arrived, what of it was accepted, what was refused and why.

Kept out: joins between feeds, any figure, Dagster, the environment.
"""
