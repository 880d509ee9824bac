with

current_rows as (
    {{ current_version('indicator_definition') }}
)

select
    indicator_code,
    version,
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
    publication_lag_months,
    is_proportion,
    min_value,
    max_value,
    applicable_ward_types,
    chart,
    disclosure_class,
    strategic_aim,
    signed_off_date,
    audit_date,
    _file_id,
    _row_number

from current_rows
