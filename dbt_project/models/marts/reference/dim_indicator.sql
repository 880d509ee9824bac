with

definitions as (
    select * from {{ ref('int_indicators__definition') }}
)

select
    {{ surrogate_key(['indicator_code', 'definition_version']) }} as indicator_key,
    indicator_code,
    definition_version,
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
    valid_to,
    is_latest,
    publication_lag_months,
    is_proportion,
    min_value,
    max_value,
    applicable_ward_types,
    chart,
    disclosure_class,
    strategic_aim,
    signed_off_date,
    audit_date

from definitions
