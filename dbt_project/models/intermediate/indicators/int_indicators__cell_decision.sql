-- The one place where it is decided whether an indicator's cell is shown; every mart of the domain joins
-- it.
with

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

run as (
    {{ current_run() }}
)

select
    figures.org_level,
    figures.org_id,
    figures.indicator_code,
    figures.month,
    {{ disclosure_decision('figures.disclosure_class', 'run.audience', org_level='figures.org_level') }}
        as decision,
    figures.disclosure_class as rule

from figures
cross join run
