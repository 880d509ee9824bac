"""From rows of patients to every inequality mart of them: the models as they stand, in one DuckDB of two threads.

Kept out: printing (`__main__`), dbt's own start, and ingest, which `ingest` measures.
"""

import time
from pathlib import Path

import duckdb

from ingest.contract import ledger_tables
from ingest.parquet import sql_type
from tests.unit.dbt.drawn import DBT_PROJECT, render_file

# In the order in which each finds what it reads.
MODELS = (
    "intermediate/inequalities/int_inequalities__population_group",
    "intermediate/inequalities/int_inequalities__area_quintile",
    "intermediate/inequalities/int_inequalities__appointment_count",
    "intermediate/inequalities/int_inequalities__access_count",
    "intermediate/inequalities/int_inequalities__waiting_pathway",
    "intermediate/inequalities/int_inequalities__waiting_count",
    "intermediate/inequalities/int_inequalities__admission",
    "intermediate/inequalities/int_inequalities__inpatient_count",
    "intermediate/inequalities/int_inequalities__ward_count",
    "intermediate/inequalities/int_inequalities__cell",
    "intermediate/inequalities/int_inequalities__access_cell",
    "intermediate/inequalities/int_inequalities__recording_cell",
    "intermediate/inequalities/int_inequalities__ward_cell",
    "intermediate/inequalities/int_inequalities__cell_relation",
    "intermediate/inequalities/int_inequalities__shown_range",
    "intermediate/inequalities/int_inequalities__cell_decision",
    "intermediate/inequalities/int_inequalities__access_figure",
    "intermediate/inequalities/int_inequalities__figure_decision",
    "intermediate/inequalities/int_inequalities__slope",
    "intermediate/inequalities/int_inequalities__standardised",
    "intermediate/inequalities/int_inequalities__typical_figure",
    "intermediate/inequalities/int_inequalities__gap_month",
    "intermediate/inequalities/int_inequalities__gap_point",
    "intermediate/inequalities/int_inequalities__gap",
    "marts/inequalities/fct_access_group",
    "marts/inequalities/fct_inpatient_group",
    "marts/inequalities/fct_group_recording",
    "marts/inequalities/fct_ward_patient_group",
    "marts/inequalities/fct_inequality_slope",
    "marts/inequalities/fct_standardised_rate",
    "marts/inequalities/fct_barrier",
    "marts/inequalities/fct_gap_point",
)
SEEDS = ("access_measure", "attendance_code", "population_group")


# What is known of the patient of a row; one has five appointments, admissions or pathways.
_PATIENT = """
    case when hash(i // 5, 'none') % 100 > 0 then 'E01' || lpad(cast(hash(i // 5, 'area') % 700 as varchar), 6, '0')
    end as lsoa_code,
    (['A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N',
      'P', 'R', 'S', 'Z', '99'])[cast(1 + hash(i // 5, 'ethnic') % 25 as int)] as ethnic_category_code,
    cast(hash(i // 5, 'age') % 91 as int) as age_years,
    cast(1 + hash(i // 5, 'sex') % 2 as varchar) as sex_code,
    hash(i // 5, 'ld') % 50 = 0 as has_learning_disability
"""
_SITE = "'RAJ' || lpad(cast(hash(i, 'site') % 3 as varchar), 2, '0') as site_code"
_ADMITTED = "date '2020-04-01' + cast(hash(i, 'day') % 2190 as int)"
_LEFT = f"{_ADMITTED} + cast(hash(i, 'stay') % 24 as int)"
# Of each feed: rows for one appointment, and the columns of its staging model that are read.
FEEDS = {
    "outpatient_appointment": (
        1.0,
        f"""
        {_SITE},
        cast(100 + 10 * (hash(i, 'specialty') % 12) as varchar) as specialty_code,
        date '2020-04-01' + cast(hash(i, 'day') % 2190 as int) as appointment_date,
        case
            when hash(i, 'called off') % 100 < 6 then '2'
            when hash(i, 'called off') % 100 < 10 then '4'
            when hash(i, 'missed') % 1000 < 125 - 15 * cast(hash(i // 5, 'area') % 10 // 2 as int) then '3'
            else '5'
        end as attendance_code,
        hash(i // 5, 'needs') % 20 = 0 as is_interpreter_needed,
        hash(i, 'given') % 10 < 6 as is_interpreter_provided,
        cast(1 + hash(i, 'first') % 2 as varchar) as first_attendance_code,
        (['01', '01', '01', '02', '03'])[cast(1 + hash(i, 'medium') % 5 as int)] as consultation_medium_code
        """,
    ),
    "ward_stay": (
        0.25,
        f"""
        cast(i as varchar) as stay_id,
        cast(i as varchar) as spell_id,
        cast(i // 5 as varchar) as person_pseudonym,
        {_SITE},
        'Ward ' || cast(hash(i, 'ward') % 20 as varchar) as ward_name,
        hash(i // 5, 'needs') % 20 = 0 as is_interpreter_needed,
        (['21', '21', '11'])[cast(1 + hash(i, 'method') % 3 as int)] as admission_method_code,
        {_ADMITTED} as admission_date,
        {_ADMITTED} as start_date,
        {_LEFT} as discharge_date,
        (['09:00', '11:30', '15:10', '18:45'])[cast(1 + hash(i, 'hour') % 4 as int)] as discharge_time,
        '19' as discharge_destination_code
        """,
    ),
    "waiting_list": (
        0.1,
        f"""
        cast(i // 3 as varchar) as pathway_id,
        date '2026-01-04' + cast(28 * (i % 3) as int) as snapshot_date,
        {_SITE},
        cast(hash(i, 'weeks') % 70 as int) as weeks_waited
        """,
    ),
}


def write_input(folder: Path, appointments: int) -> None:
    """So many appointments of six years at three sites in Parquet, drawn by hash, with a slope of missed ones; a stay
    on a ward for each four of them, and a pathway on a copy of the waiting list for each ten."""
    with duckdb.connect() as connection:
        for feed, (share, columns) in FEEDS.items():
            connection.execute(f"""
                copy (select {columns}, {_PATIENT} from range({int(appointments * share)}) as numbers (i))
                to '{folder / feed}.parquet' (format parquet)
            """)


def by_models(folder: Path) -> dict[str, float]:
    """Seconds of each model on the input of a folder, by its name."""
    with duckdb.connect(str(folder / "bench.duckdb")) as connection:
        connection.execute("set threads = 2")
        connection.execute("set memory_limit = '1500MB'")
        connection.execute(f"set temp_directory = '{folder}'")
        connection.execute("set preserve_insertion_order = false")
        for seed in SEEDS:
            column = {"attendance_code": "attendance_code", "population_group": "group_code"}.get(seed, "measure_code")
            connection.execute(
                f"create table {seed} as from read_csv('{DBT_PROJECT / 'seeds' / seed}.csv', "
                f"types = {{'{column}': 'varchar'}})"
            )
        for feed in FEEDS:
            connection.execute(f"create view stg_inequalities__{feed} as from '{folder / feed}.parquet'")
        connection.execute(
            "create table ledger_run as select 'r' as run_id, 1 as run_no, date '2026-11-23' as run_date, "
            "cast(null as bigint) as as_of_sequence, 'internal' as audience"
        )
        # No release before.
        types = ledger_tables()["disclosed_cell"].lake_types
        columns = ", ".join(f"{column} {sql_type(kind)}" for column, kind in types.items())
        connection.execute(f"create table int_evidence__disclosed_before ({columns})")
        connection.execute("""
            create table int_reference__lsoa as
            select
                'E01' || lpad(cast(number as varchar), 6, '0') as lsoa_code, year as imd_year, true as is_unchanged,
                number % 10 // 2 + 1 as imd_quintile
            from range(700) as areas (number), (values (2019), (2025)) as years (year)
        """)
        connection.execute("""
            create table int_reference__ward_name as
            select
                'ward_stay' as feed, site_code, ward_name, date_trunc('month', start_date) as used_from,
                site_code || ward_name as ward_id
            from stg_inequalities__ward_stay
            group by all
        """)
        connection.execute("""
            create table stg_reference__travel_time as
            select
                lsoa_code, 'RAJ0' || site as site_code, 'public_transport' as travel_mode,
                hash(lsoa_code, site) % 120 as travel_minutes, 'reported' as travel_minutes_status
            from (select distinct lsoa_code from int_reference__lsoa), range(3) as sites (site)
        """)
        seconds = {}
        for model in MODELS:
            name = model.rpartition("/")[2]
            sql, _ = render_file(f"models/{model}.sql")
            started = time.perf_counter()
            connection.execute(f"create table {name} as {sql}")
            seconds[name] = time.perf_counter() - started
        return seconds
