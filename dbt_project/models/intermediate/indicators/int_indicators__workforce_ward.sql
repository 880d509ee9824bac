-- What holds on the first day of the month decides before what begins later in it. A row ends at the latest
-- where the cost centre's next one begins. A cost centre that stands in no row waits for the steward; one
-- whose row names no ward is of none.
with

workforce as (
    select * from {{ ref('stg_indicators__workforce') }}
),

mapping as (
    select * from {{ ref('stg_reference__cost_centre_ward') }}
),

followed as (
    select
        cost_centre_id,
        ward_id,
        valid_from,
        valid_to,
        lead(valid_from) over (partition by cost_centre_id order by valid_from) as next_valid_from
    from mapping
),

validity as (
    select
        cost_centre_id,
        ward_id,
        valid_from,
        case
            when valid_to is null or next_valid_from < valid_to then next_valid_from
            else valid_to
        end as valid_to
    from followed
),

uses as (
    select distinct
        cost_centre_id,
        month
    from workforce
),

candidates as (
    select
        uses.cost_centre_id,
        uses.month,
        validity.ward_id,
        row_number() over (
            partition by uses.cost_centre_id, uses.month
            order by validity.valid_from
        ) as candidate_no
    from uses
    inner join validity
        on uses.cost_centre_id = validity.cost_centre_id
        and {{ months_later('uses.month', 1) }} > validity.valid_from
        and (validity.valid_to is null or uses.month < validity.valid_to)
)

select
    workforce.measure,
    workforce.cost_centre_id,
    workforce.cost_centre_name,
    workforce.division,
    workforce.month,
    candidates.ward_id,
    case
        when candidates.cost_centre_id is null then 'unmatched'
        when candidates.ward_id is null then 'no_ward'
        else 'cost_centre'
    end as matched_by,
    workforce.numerator,
    workforce.denominator,
    workforce.value_share,
    workforce.value_share_status,
    workforce._file_id,
    workforce._row_number

from workforce
left join candidates
    on workforce.cost_centre_id = candidates.cost_centre_id
    and workforce.month = candidates.month
    and candidates.candidate_no = 1
