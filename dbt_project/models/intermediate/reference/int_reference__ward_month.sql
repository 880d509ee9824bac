-- The register row that holds at the end of the month, else the last that held in it: a rename, a move or
-- a closure within a month shows once.
with

register as (
    select * from {{ ref('int_reference__ward_validity') }}
),

months as (
    select distinct month
    from {{ ref('stg_indicators__ward_indicator') }}
),

held as (
    select
        months.month,
        register.ward_id,
        register.ward_name,
        register.site_code,
        register.ward_type,
        row_number() over (
            partition by months.month, register.ward_id
            order by register.valid_from desc
        ) as recency
    from months
    inner join register
        on {{ months_later('months.month', 1) }} > register.valid_from
        and (register.valid_to is null or months.month < register.valid_to)
)

select
    ward_id,
    month,
    ward_name,
    site_code,
    ward_type

from held
where recency = 1
