"""How many residents are Core20, from the published files of the trust's area, through landing."""

import duckdb

from ingest.home import Home


def test_core20_under_each_index(real: Home) -> None:
    release = real.published / "internal" / "current" / "qls.duckdb"
    with duckdb.connect(str(release), read_only=True) as marts:
        found = marts.execute(
            "select imd_year, population_year, round(core20_pct, 1) from inequalities.fct_core_population order by 1"
        ).fetchall()
        appointments = marts.execute("select count(*) from inequalities.fct_access_group").fetchone()
    assert [(year, residents, float(share)) for year, residents, share in found] == [
        (2019, 2020, 10.1),
        (2025, 2021, 12.0),
    ]
    assert appointments == (0,)
