-- A stage is reached on its date, if the run's date has come to it, and lasts until the next stage that
-- is reached; the stage in which a ward stands is counted to the run's date while the enrolment is open.
{% set stages = ['enrolled', 'diagnostic', 'engagement', 'nomination', 'training', 'action'] %}

with

enrolments as (
    select * from {{ ref('int_programmes__ward_enrolments') }}
),

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

run as (
    {{ current_run() }}
),

reached as (
    select
        enrolments.programme_id,
        enrolments.ward_id,
        {% for stage in stages %}
        case when enrolments.{{ stage }}_date <= run.run_date then enrolments.{{ stage }}_date end
            as {{ stage }}_date,
        {% endfor %}
        case when enrolments.status in ('enrolled', 'active') then run.run_date end as open_until
    from enrolments
    cross join run
    where enrolments.ward_id is not null
),

staged as (
    select
        programme_id,
        ward_id,
        {% for stage in stages %}
        {% set next_date %}
        coalesce({% for later in stages[loop.index:] %}{{ later }}_date, {% endfor %}open_until)
        {%- endset %}
        cast({{ days_between(stage ~ '_date', next_date | trim) }} as int) as {{ stage }}_stage_days,
        {% endfor %}
        case
            {% for stage in stages | reverse %}
            when {{ stage }}_date is not null then '{{ stage }}'
            {% endfor %}
        end as current_stage,
        coalesce(
            {%- for stage in stages | reverse %}{{ stage }}_date{{ ', ' if not loop.last }}{% endfor -%}
        ) as current_stage_date
    from reached
)

select
    {{ surrogate_key(['enrolments.ward_id', 'enrolments.programme_id']) }} as ward_progress_key,
    enrolments.programme_id,
    programmes.programme_name,
    enrolments.ward_id,
    coalesce(wards.ward_name, enrolments.ward_id) as ward_name,
    enrolments.site_code,
    enrolments.wave_no,
    enrolments.status as enrolment_status,
    staged.current_stage,
    staged.current_stage_date,
    {% for stage in stages %}
    enrolments.{{ stage }}_date,
    staged.{{ stage }}_stage_days{% if not loop.last %},{% endif %}

    {% endfor %}

from enrolments
inner join staged using (programme_id, ward_id)
left join programmes using (programme_id)
left join wards
    on enrolments.ward_id = wards.ward_id
    and wards.is_latest
