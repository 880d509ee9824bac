-- A version ends at the latest where the next one begins, so that a month never has two. A target that cannot be in the
-- unit of its indicator (0.95 of a percentage, 95 of a share, outside the plausible values) is not held against it.
with

published as (
    select * from {{ ref('national_indicator_definition') }}
),

delivered as (
    select * from {{ ref('stg_reference__indicator_definition') }}
),

{% set columns = [
    'indicator_code', 'version', 'indicator_name', 'plain_words', 'numerator_words', 'denominator_words',
    'multiplier', 'unit', 'direction', 'target', 'target_from', 'owner', 'valid_from', 'valid_to',
    'publication_lag_months', 'is_proportion', 'min_value', 'max_value', 'applicable_ward_types', 'chart',
    'disclosure_class', 'strategic_aim', 'signed_off_date', 'audit_date',
] %}
definitions as (
    select
        {{ columns | join(',\n        ') }}
    from published

    union all

    select
        {{ columns | join(',\n        ') }}
    from delivered
),

followed as (
    select
        {{ columns | join(',\n        ') }},
        coalesce(
            target >= coalesce(min_value, target)
            and target <= coalesce(max_value, target)
            and not (is_proportion and target > multiplier)
            and not (unit = 'pct' and direction = 'increase' and target > 0 and target <= 1),
            true
        ) as is_target_in_unit,
        lead(valid_from) over (partition by indicator_code order by valid_from, version) as next_valid_from
    from definitions
)

select
    indicator_code,
    version as definition_version,
    indicator_name,
    plain_words,
    numerator_words,
    denominator_words,
    multiplier,
    unit,
    direction,
    case when is_target_in_unit then target end as target,
    is_target_in_unit,
    target_from,
    owner,
    valid_from,
    case
        when valid_to is null or next_valid_from < valid_to then next_valid_from
        else valid_to
    end as valid_to,
    publication_lag_months,
    is_proportion,
    min_value,
    max_value,
    applicable_ward_types,
    chart,
    coalesce(disclosure_class, 'patient_group') as disclosure_class,
    strategic_aim,
    signed_off_date,
    audit_date,
    next_valid_from is null as is_latest

from followed
