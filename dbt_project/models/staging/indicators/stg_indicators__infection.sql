with

current_rows as (
    {{ current_version('infection') }}
)

select
    case_id,
    site_code,
    ward_name,
    case
        when organism in ('c. difficile', 'clostridioides difficile') then 'c_difficile'
        when organism = 'e. coli' then 'e_coli'
        else organism
    end as organism,
    specimen_date,
    admission_date,
    onset_class,
    _file_id,
    _row_number

from current_rows
