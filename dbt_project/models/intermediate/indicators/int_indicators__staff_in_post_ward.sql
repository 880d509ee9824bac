-- Heads are those of the month's last day, so the ward is that day's: of two rows of a cost centre that hold then,
-- the later one. A cost centre of no ward, or in no row, stays without one.
with

posts as (
    select * from {{ ref('stg_indicators__staff_in_post') }}
),

mapping as (
    select * from {{ ref('stg_reference__cost_centre_ward') }}
),

uses as (
    select distinct
        cost_centre,
        month
    from posts
),

candidates as (
    select
        uses.cost_centre,
        uses.month,
        mapping.ward_id,
        row_number() over (
            partition by uses.cost_centre, uses.month
            order by mapping.valid_from desc
        ) as candidate_no
    from uses
    inner join mapping
        on uses.cost_centre = mapping.cost_centre_id
        and {{ months_later('uses.month', 1) }} > mapping.valid_from
        and (mapping.valid_to is null or {{ months_later('uses.month', 1) }} <= mapping.valid_to)
)

select
    posts.month,
    candidates.ward_id,
    posts.staff_group,
    cast(sum(posts.headcount) as int) as headcount

from posts
left join candidates
    on posts.cost_centre = candidates.cost_centre
    and posts.month = candidates.month
    and candidates.candidate_no = 1
group by posts.month, candidates.ward_id, posts.staff_group
