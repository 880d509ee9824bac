-- The diagnostic pack: what a ward's team looks at together before its engagement event. Each line repeats a mart.
{% set sections = {
    'signals': 1, 'survey': 2, 'issues': 3, 'training': 4, 'nominations': 5, 'who_we_care_for': 6, 'data_to_ask_for': 7,
} %}
{% set told_groups = {
    'admission_route': 'How they came',
    'age_band': 'Age',
    'sex': 'Sex',
    'ethnic_group_2021': 'Ethnic group',
    'deprivation_' ~ var('imd_headline_year'): 'Deprivation of the area',
    'learning_disability': 'Learning disability',
    'interpreter': 'Interpreter',
} %}
with

scorecard as (
    select * from {{ ref('rpt_ward_scorecard') }}
),

points as (
    select * from {{ ref('fct_spc_point') }}
),

survey as (
    select * from {{ ref('rpt_ward_survey') }}
),

yearly_survey as (
    select * from {{ ref('fct_staff_survey_score') }}
),

unit_wards as (
    select * from {{ ref('stg_surveys__survey_unit_ward') }}
),

actions as (
    select * from {{ ref('rpt_ward_actions') }}
),

coverage as (
    select * from {{ ref('fct_training_coverage') }}
),

nominations as (
    select * from {{ ref('fct_nomination') }}
),

patient_groups as (
    select * from {{ ref('fct_ward_patient_group') }}
),

group_names as (
    select * from {{ ref('dim_population_group') }}
),

datasets as (
    select * from {{ ref('dim_dataset') }}
),

engagement as (
    select * from {{ ref('fct_data_engagement') }}
),

wards as (
    select * from {{ ref('dim_ward') }}
),

open_wards as (
    select
        ward_id,
        ward_name,
        site_code
    from wards
    where is_latest and valid_to is null
),

months_outside as (
    select
        scorecard.ward_id,
        scorecard.indicator_code,
        count(distinct case when points.point_type = 'special_cause_improvement' then points.month end)
            as months_better,
        count(distinct case when points.point_type = 'special_cause_concern' then points.month end) as months_worse,
        count(distinct case when points.point_type like 'special_cause_neutral%' then points.month end)
            as months_other
    from scorecard
    inner join points
        on scorecard.ward_id = points.org_id
        and points.org_level = 'ward'
        and scorecard.indicator_code = points.indicator_code
        and scorecard.month >= points.month
        and points.month > {{ months_later('scorecard.month', -12) }}
    group by scorecard.ward_id, scorecard.indicator_code
),

signal_lines as (
    select
        scorecard.ward_id,
        'signals' as section,
        scorecard.indicator_code as about,
        row_number() over (
            partition by scorecard.ward_id
            order by
                case when scorecard.variation_type is null then 1 else 0 end asc,
                months_outside.months_worse desc,
                months_outside.months_better desc,
                scorecard.indicator_code asc
        ) as line_no,
        concat(
            scorecard.sentence,
            case
                -- What is not judged or not shown stands out in no month.
                when scorecard.variation_type is null then ''
                when months_outside.months_worse + months_outside.months_better + months_outside.months_other = 0
                    then ' None of the last twelve months stood out.'
                else concat(
                        case
                            when scorecard.variation_type = 'common_cause'
                                then ' That is the newest month; of the last twelve '
                            else ' Of the last twelve months '
                        end,
                        concat_ws(
                            ', ',
                            case
                                when months_outside.months_worse > 0
                                    then concat(months_outside.months_worse, ' stood out to the worse')
                            end,
                            case
                                when months_outside.months_better > 0
                                    then concat(months_outside.months_better, ' stood out to the better')
                            end,
                            case
                                when months_outside.months_other > 0
                                    then concat(months_outside.months_other, ' stood out either way')
                            end
                        ),
                        '.'
                    )
            end
        ) as line_sentence
    from scorecard
    inner join months_outside
        on scorecard.ward_id = months_outside.ward_id
        and scorecard.indicator_code = months_outside.indicator_code
),

newest_year as (
    select max(survey_year) as survey_year
    from yearly_survey
    where weighting = 'unweighted'
),

yearly_results as (
    select
        unit_wards.ward_id,
        results.org_id,
        results.unit_name,
        results.survey_year,
        results.wards_covered,
        results.measure_code,
        cast(results.staff_survey_score as decimal(4, 2)) as unit_score,
        cast(of_trust.staff_survey_score as decimal(4, 2)) as trust_score,
        cast(results.score_change as decimal(4, 2)) as score_change
    from yearly_survey as results
    inner join newest_year on results.survey_year = newest_year.survey_year
    inner join unit_wards
        on unit_wards.survey_code = 'staff'
        and results.site_code = unit_wards.site_code
        and {{ match_text('results.unit_name') }} = {{ match_text('unit_wards.unit_name') }}
        and results.survey_year >= extract(year from unit_wards.valid_from)
        and (unit_wards.valid_to is null or results.survey_year < extract(year from unit_wards.valid_to))
    left join yearly_survey as of_trust
        on of_trust.org_level = 'trust'
        and results.survey_year = of_trust.survey_year
        and results.weighting = of_trust.weighting
        and results.measure_code = of_trust.measure_code
    where results.org_level = 'unit'
        and results.weighting = 'unweighted'
        and results.survey_measure_type in ('promise_element', 'theme')
),

told_surveys as (
    select
        ward_id,
        1 as survey_no,
        measure_code as about,
        survey_sentence as line_sentence
    from survey

    union all

    select
        ward_id,
        2 as survey_no,
        concat('staff_survey:', org_id, ':', measure_code) as about,
        concat(
            'Staff survey ', survey_year, ', ', unit_name,
            case when wards_covered > 1 then concat(' (the answers of ', wards_covered, ' wards together)') else '' end,
            ', ', replace(measure_code, '_', ' '), ': ',
            case
                when unit_score is null then 'not shown, for too few answered or others could be told from it.'
                else concat(
                        unit_score, ' of 10',
                        case
                            when trust_score is null then ''
                            when unit_score > trust_score
                                then concat(', ', unit_score - trust_score, ' more than in the trust')
                            when unit_score < trust_score
                                then concat(', ', trust_score - unit_score, ' less than in the trust')
                            else ', as in the trust'
                        end,
                        case
                            when score_change > 0 then concat('; ', score_change, ' more than the year before.')
                            when score_change < 0 then concat('; ', -score_change, ' less than the year before.')
                            when score_change = 0 then '; as the year before.'
                            else '; there is no year before to hold it against.'
                        end
                    )
            end
        ) as line_sentence
    from yearly_results
),

survey_lines as (
    select
        ward_id,
        'survey' as section,
        about,
        row_number() over (partition by ward_id order by survey_no asc, about asc) as line_no,
        line_sentence
    from told_surveys
),

issue_lines as (
    select
        ward_id,
        'issues' as section,
        issue_id as about,
        row_number() over (partition by ward_id order by open_days desc, issue_id asc) as line_no,
        action_sentence as line_sentence
    from actions
    where issue_status <> 'closed'
),

newest_coverage as (
    select
        org_id,
        month,
        trained_n,
        headcount,
        trained_pct,
        value_status,
        row_number() over (partition by org_id order by month desc) as recency
    from coverage
    where org_level = 'ward' and programme_type = 'all'
),

training_lines as (
    select
        org_id as ward_id,
        'training' as section,
        'all' as about,
        1 as line_no,
        case
            when trained_n is null
                then 'How many of the ward''s staff completed an improvement course is not shown, to protect people.'
            when headcount is null
                then concat(trained_n, ' of the ward''s staff completed an improvement course and are still here.')
            else concat(
                    trained_n,
                    ' of ',
                    headcount,
                    ' staff (',
                    trained_pct,
                    ' in 100) completed an improvement course and',
                    ' are still here.'
                )
        end as line_sentence
    from newest_coverage
    where recency = 1
),

nomination_lines as (
    select
        org_id as ward_id,
        'nominations' as section,
        programme_id as about,
        row_number() over (partition by org_id order by programme_id asc) as line_no,
        case
            when nominated_n is null
                then concat(
                        programme_name,
                        ': how many were nominated is not shown, to protect people;',
                        case when has_project then ' a project came of it.' else ' no project came of it yet.' end
                    )
            when nominated_n = 0 then concat(programme_name, ': nobody was nominated.')
            else concat(
                    programme_name, ': ', nominated_n, ' nominated;',
                    case when has_project then ' a project came of it.' else ' no project came of it yet.' end
                )
        end as line_sentence
    from nominations
    where org_level = 'ward'
),

patient_totals as (
    select distinct
        ward_id,
        period_end_date,
        denominator
    from patient_groups
),

told_dimensions as (
    select
        patient_groups.ward_id,
        patient_groups.dimension_code,
        {{ listed(
            "case
                when patient_groups.value is not null
                    then concat(
                            group_names.group_name, ' (',
                            case
                                when patient_groups.value = round(patient_groups.value, 0)
                                    then cast(cast(patient_groups.value as int) as string)
                                else cast(cast(patient_groups.value as decimal(4, 1)) as string)
                            end,
                            ' in 100)'
                        )
                when patient_groups.numerator > 0
                    then concat(group_names.group_name, ' (about ', cast(patient_groups.numerator as int), ')')
            end",
            '; ',
            'group_names.group_no'
        ) }} as groups_shown,
        count(*) > count(patient_groups.numerator) as is_some_hidden
    from patient_groups
    inner join group_names
        on patient_groups.dimension_code = group_names.dimension_code
        and patient_groups.group_code = group_names.group_code
    group by patient_groups.ward_id, patient_groups.dimension_code
),

patient_lines as (
    select
        ward_id,
        'who_we_care_for' as section,
        'all' as about,
        1 as line_no,
        concat(
            'Admissions that the ward saw in the twelve months to ', cast(period_end_date as string),
            case
                when denominator is null then ' are not shown, to protect people.'
                else concat(': about ', cast(denominator as int), '.')
            end
        ) as line_sentence
    from patient_totals

    union all

    select
        ward_id,
        'who_we_care_for' as section,
        dimension_code as about,
        case dimension_code
            {% for dimension in told_groups %}
            when '{{ dimension }}' then {{ loop.index + 1 }}
            {% endfor %}
        end as line_no,
        concat(
            case dimension_code
                {% for dimension, words in told_groups.items() %}
                when '{{ dimension }}' then '{{ words }}'
                {% endfor %}
            end,
            case
                when coalesce(groups_shown, '') = '' then ' is not shown, to protect people.'
                when is_some_hidden then concat(': ', groups_shown, '; others not shown, to protect people.')
                else concat(': ', groups_shown, '.')
            end
        ) as line_sentence
    from told_dimensions
),

dataset_lines as (
    select
        open_wards.ward_id,
        'data_to_ask_for' as section,
        datasets.dataset_id as about,
        row_number() over (partition by open_wards.ward_id order by datasets.dataset_id asc) as line_no,
        concat(
            datasets.question_answered, ' ', datasets.dataset_name, ' (',
            {{ within_sentence('datasets.coverage') }}, '): ', {{ within_sentence('datasets.how_to_ask') }}, '.'
        ) as line_sentence
    from open_wards
    cross join datasets
    left join engagement
        on open_wards.ward_id = engagement.ward_id
        and datasets.dataset_id = engagement.dataset_id
    where engagement.contact_id is null
),

lines as (
    {% for part in ['signal', 'survey', 'issue', 'training', 'nomination', 'patient', 'dataset'] %}
    select
        ward_id,
        section,
        about,
        line_no,
        line_sentence
    from {{ part }}_lines
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
)

select
    {{ surrogate_key(['open_wards.ward_id', 'lines.section', 'lines.about']) }} as ward_profile_key,
    open_wards.ward_id,
    open_wards.ward_name,
    open_wards.site_code,
    case lines.section
        {% for section, number in sections.items() %}
        when '{{ section }}' then {{ number }}
        {% endfor %}
    end as section_no,
    lines.section,
    cast(lines.line_no as int) as line_no,
    lines.about as line_about,
    lines.line_sentence

from open_wards
inner join lines on open_wards.ward_id = lines.ward_id
