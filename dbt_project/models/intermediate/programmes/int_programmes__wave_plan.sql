with

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

sites as (
    select * from {{ ref('int_reference__site_validity') }}
),

waves as (
    {% for wave_no in range(1, var('sixty_wards_waves') + 1) %}
    select {{ wave_no }} as wave_no
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

planned as (
    select
        programmes.programme_id,
        waves.wave_no,
        {{ months_later(
            'programmes.start_date',
            '(waves.wave_no - 1) * ' ~ var('sixty_wards_months_per_wave')
        ) }} as planned_start_date
    from programmes
    cross join waves
    where programmes.programme_type = 'sixty_wards'
)

select
    planned.programme_id,
    planned.wave_no,
    sites.site_code,
    planned.planned_start_date,
    {{ var('sixty_wards_per_site_per_wave') }} as wards_planned

from planned
inner join sites
    on planned.planned_start_date >= sites.valid_from
    and (sites.valid_to is null or planned.planned_start_date < sites.valid_to)
