-- Numerator and denominator are decided apart, the share where both are shown.
with

coverage as (
    select * from {{ ref('int_programmes__coverage') }}
),

decisions as (
    select * from {{ ref('int_programmes__cell_decision') }}
),

wards as (
    select * from {{ ref('int_reference__ward_month') }}
),

decided as (
    select
        coverage.programme_type,
        coverage.month,
        coverage.org_level,
        coverage.org_id,
        coverage.site_code,
        coverage.trained_n,
        coverage.headcount,
        coverage.headcount_status,
        100 * coverage.trained_n / nullif(cast(coverage.headcount as decimal(12, 1)), 0) as trained_pct,
        trained.decision as trained_decision,
        case
            when coverage.headcount_status = 'reported' then headcount.decision
            else coverage.headcount_status
        end as headcount_decision,
        case
            when coverage.headcount_status <> 'reported' then coverage.headcount_status
            when trained.decision = 'shown' and headcount.decision = 'shown' then 'shown'
            else 'suppressed'
        end as share_decision
    from coverage
    left join decisions as trained
        on trained.topic = 'trained'
        and coverage.programme_type = trained.subject_id
        and coverage.decision_period = trained.decision_period
        and coverage.cell_id = trained.cell_id
    left join decisions as headcount
        on headcount.topic = 'headcount'
        and coverage.decision_period = headcount.decision_period
        and coverage.cell_id = headcount.cell_id
)

select
    {{ surrogate_key([
        'decided.programme_type', 'decided.month', 'decided.org_level', 'decided.org_id',
    ]) }} as training_coverage_key,
    decided.programme_type,
    decided.month,
    decided.org_level,
    decided.org_id,
    wards.ward_name,
    decided.site_code,
    {{ disclosed('decided.trained_n', 'decided.trained_decision') }} as trained_n,
    {{ disclosed_status("'reported'", 'decided.trained_decision') }} as value_status,
    {{ disclosed('decided.headcount', 'decided.headcount_decision') }} as headcount,
    case
        when decided.headcount_status = 'reported'
            then {{ disclosed_status("'reported'", 'decided.headcount_decision') }}
        else decided.headcount_status
    end as headcount_status,
    cast({{ disclosed('decided.trained_pct', 'decided.share_decision') }} as decimal(6, 1)) as trained_pct

from decided
left join wards
    on decided.org_level = 'ward'
    and decided.org_id = wards.ward_id
    and decided.month = wards.month
