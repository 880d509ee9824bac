-- A version ends at the latest where the next one begins, so that a month never has two.
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
    target,
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
