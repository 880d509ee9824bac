{#- The run that is being built: the newest row of the ledger table `run`. -#}
{% macro current_run() -%}
select distinct
    run_id,
    run_no,
    run_date,
    as_of_sequence,
    audience
from {{ source('ledger', 'run') }}
where run_no = (select max(run_no) from {{ source('ledger', 'run') }})
{%- endmacro %}

{#-
    The file that is current for each scope and period of a feed: the highest sequence, at most the run's
    as-of sequence where it has one.
-#}
{% macro current_periods(feed) -%}
select
    file_id,
    scope,
    period
from (
    select
        periods.file_id,
        periods.scope,
        periods.period,
        row_number() over (
            partition by periods.scope, periods.period
            order by periods.sequence desc, periods.file_id asc
        ) as recency
    from {{ source('ledger', 'file_period') }} as periods
    cross join ({{ current_run() }}) as run
    where periods.feed = '{{ feed }}'
        and (run.as_of_sequence is null or periods.sequence <= run.as_of_sequence)
) as ranked
where recency = 1
{%- endmacro %}

{#- The lake rows of a feed that are current, whatever its way of delivery. -#}
{% macro current_version(feed) -%}
select lake_rows.*
from {{ source('lake', feed) }} as lake_rows
inner join ({{ current_periods(feed) }}) as current_periods
    on lake_rows._file_id = current_periods.file_id
    and lake_rows._scope = current_periods.scope
    and lake_rows._period = current_periods.period
{%- endmacro %}
