-- Each admission with the groups of its patient, from its stays on wards: the last one tells where the patient was.
-- A row is a patient's, so no mart reads it.
--
-- A discharge is followed for thirty days where the patient left alive, a valid NHS number links what came after, and
-- the days are over by the last admission known. Readmitted is who came back as an emergency within them: on the day
-- itself too, but not by an admission of the same day as the first.
with

stays as (
    select * from {{ ref('stg_inequalities__ward_stay') }}
),

ethnic_categories as (
    {{ ethnic_categories() | indent(4) }}
),

quintiles as (
    select * from {{ ref('int_inequalities__area_quintile') }}
),

run as (
    {{ current_run() }}
),

ranked as (
    select
        stays.spell_id,
        stays.person_pseudonym,
        stays.site_code,
        stays.ward_name,
        stays.start_date,
        stays.admission_date,
        stays.discharge_date,
        stays.discharge_time,
        stays.discharge_destination_code,
        stays.admission_method_code,
        stays.lsoa_code,
        stays.ethnic_category_code,
        stays.age_years,
        stays.sex_code,
        stays.has_learning_disability,
        stays.is_interpreter_needed,
        row_number() over (
            partition by stays.spell_id
            order by stays.start_date desc, stays.stay_id desc
        ) as stay_rank
    from stays
    cross join run
    where stays.admission_date <= run.run_date
),

admissions as (
    select
        ranked.spell_id,
        ranked.person_pseudonym,
        ranked.site_code,
        ranked.ward_name,
        ranked.start_date,
        ranked.admission_date,
        case when ranked.discharge_date <= run.run_date then ranked.discharge_date end as discharge_date,
        ranked.discharge_time,
        ranked.discharge_destination_code,
        substr(ranked.admission_method_code, 1, 1) = '1' as is_elective,
        substr(ranked.admission_method_code, 1, 1) = '2' as is_emergency,
        {{ patient_groups('ranked', 'quintiles', 'ethnic_categories') | indent(8) }},
        {{ learning_disability_group('ranked') | indent(8) }} as learning_disability,
        case
            when ranked.is_interpreter_needed then 'needed'
            when not ranked.is_interpreter_needed then 'not_needed'
            else 'not_known'
        end as interpreter,
        max(ranked.admission_date) over () as last_admission_date
    from ranked
    cross join run
    left join quintiles on ranked.lsoa_code = quintiles.lsoa_code
    left join ethnic_categories on ranked.ethnic_category_code = ethnic_categories.ethnic_category_code
    where ranked.stay_rank = 1
),

returns as (
    select distinct admissions.spell_id
    from admissions
    inner join admissions as later
        on admissions.person_pseudonym = later.person_pseudonym
        and later.is_emergency
        and admissions.admission_date < later.admission_date
        and admissions.discharge_date <= later.admission_date
        and {{ days_later('admissions.discharge_date', 30) }} >= later.admission_date
)

select
    admissions.spell_id,
    admissions.site_code,
    admissions.ward_name as last_ward_name,
    admissions.start_date as last_ward_from,
    admissions.admission_date,
    admissions.discharge_date,
    admissions.is_elective,
    admissions.is_emergency,
    {% for dimension in patient_dimensions().split() %}
    admissions.{{ dimension }},
    {% endfor %}
    admissions.interpreter,
    cast({{ days_between('admissions.admission_date', 'admissions.discharge_date') }} as int) as days_in_hospital,
    admissions.discharge_date is not null
    and coalesce(admissions.discharge_destination_code, '') <> '79' as has_left_alive,
    coalesce(admissions.discharge_time < '12:00', false) as is_before_noon,
    admissions.person_pseudonym is not null
    and {{ days_later('admissions.discharge_date', 30) }} <= admissions.last_admission_date as can_be_followed,
    returns.spell_id is not null as is_readmitted

from admissions
left join returns on admissions.spell_id = returns.spell_id
