with

current_rows as (
    {{ current_version('workforce_equality') }}
)

select
    financial_year,
    measure_code,
    case equality_group
        when 'bme' then 'black_minority_ethnic'
        when 'not known' then 'not_known'
        else equality_group
    end as equality_group,
    denominator,
    numerator,
    _file_id,
    _row_number

from current_rows
