-- What differs between a version and the one that replaced it in the same scope and period, value by value,
-- as delivered: exact, so never published as it stands. The only staging model that reads two versions.
-- A version that no release ever showed is passed over: what the gate held back (an identifier in a name,
-- say) must not come to light as an old value once it is mended. Who approved an alias or the ward of a cost
-- centre is left out, for it may name a person, and so is free text; of feeds of persons no row is compared.
{% set weeks = [] %}
{% for week in range(104) %}
{% do weeks.append('weeks_%02d_to_%02d' % (week, week + 1)) %}
{% endfor %}
{% set compared = {
    'site_register': {
        'key': ['site_code', 'valid_from'],
        'texts': ['site_name', 'valid_to', 'predecessor_code'],
        'decimals': [],
    },
    'ward_register': {
        'key': ['ward_id', 'valid_from'],
        'texts': [
            'ward_name', 'site_code', 'specialty_code', 'division', 'ward_type', 'beds',
            'valid_to', 'predecessor_ward_id', 'change_type',
        ],
        'decimals': [],
    },
    'ward_alias': {
        'key': ['feed', 'site_code', 'alias_text', 'valid_from'],
        'texts': ['ward_id', 'valid_to'],
        'decimals': [],
    },
    'ods_trust_successor': {
        'key': ['trust_code', 'successor_trust_code'],
        'texts': ['succession_date'],
        'decimals': [],
    },
    'indicator_definition': {
        'key': ['indicator_code', 'version'],
        'texts': [
            'indicator_name', 'plain_words', 'numerator_words', 'denominator_words', 'unit',
            'direction', 'target_from', 'owner', 'valid_from', 'valid_to',
            'publication_lag_months', 'is_proportion', 'applicable_ward_types', 'chart',
            'disclosure_class', 'strategic_aim', 'signed_off_date', 'audit_date',
        ],
        'decimals': ['multiplier', 'target', 'min_value', 'max_value'],
    },
    'ward_indicator': {
        'key': ['site_code', 'ward_name', 'indicator_code', 'month'],
        'texts': ['value_status', 'is_provisional'],
        'decimals': ['numerator', 'denominator', 'value'],
    },
    'ae_attendances': {
        'key': ['month', 'org_code'],
        'texts': [
            'region_name', 'org_name', 'unbooked_attendances_type_1',
            'unbooked_attendances_type_2', 'unbooked_attendances_type_3',
            'booked_attendances_type_1', 'booked_attendances_type_2',
            'booked_attendances_type_3', 'unbooked_over_4_hours_type_1',
            'unbooked_over_4_hours_type_2', 'unbooked_over_4_hours_type_3',
            'booked_over_4_hours_type_1', 'booked_over_4_hours_type_2',
            'booked_over_4_hours_type_3', 'dta_wait_4_to_12_hours', 'dta_wait_over_4_hours',
            'dta_wait_over_12_hours', 'attendances_type_1', 'attendances_type_2',
            'attendances_type_3', 'attendances_total', 'within_4_hours_type_1',
            'within_4_hours_type_2', 'within_4_hours_type_3', 'within_4_hours_total',
            'over_4_hours_type_1', 'over_4_hours_type_2', 'over_4_hours_type_3',
            'over_4_hours_total', 'within_4_hours_pct_status',
            'within_4_hours_type_1_pct_status', 'within_4_hours_type_2_pct_status',
            'within_4_hours_type_3_pct_status', 'emergency_admissions_type_1',
            'emergency_admissions_type_2', 'emergency_admissions_type_3',
            'emergency_admissions_via_ae_total', 'other_emergency_admissions',
            'emergency_admissions_total',
        ],
        'decimals': [
            'within_4_hours_pct', 'within_4_hours_type_1_pct', 'within_4_hours_type_2_pct',
            'within_4_hours_type_3_pct',
        ],
    },
    'sickness_absence': {
        'key': ['month', 'org_code'],
        'texts': [
            'region_code', 'region_name', 'ics_code', 'ics_name', 'org_name', 'org_type',
            'sickness_absence_pct_status',
        ],
        'decimals': ['fte_days_lost', 'fte_days_available', 'sickness_absence_pct'],
    },
    'rtt': {
        'key': ['month', 'org_code', 'commissioner_code', 'pathway_type', 'treatment_function_code'],
        'texts': [
            'org_parent_code', 'org_parent_name', 'org_name', 'commissioner_parent_code',
            'commissioner_parent_name', 'commissioner_name', 'pathway_type_name',
            'treatment_function_name',
        ] + weeks + [
            'weeks_over_104', 'pathways_known_start', 'pathways_unknown_start', 'pathways_total',
        ],
        'decimals': [],
    },
    'cost_centre_ward': {
        'key': ['cost_centre_id', 'valid_from'],
        'texts': ['ward_id', 'valid_to'],
        'decimals': [],
    },
    'workforce': {
        'key': ['measure', 'cost_centre_id', 'month'],
        'texts': ['division', 'cost_centre_name', 'value_share_status'],
        'decimals': ['numerator', 'denominator', 'value_share'],
    },
    'fft_ward_list': {
        'key': ['month', 'trust_code', 'site_code', 'ward_name'],
        'texts': ['icb_code', 'trust_name', 'site_name'],
        'decimals': [],
    },
    'fft_inpatient': {
        'key': ['month', 'trust_code', 'site_code', 'ward_name'],
        'texts': [
            'icb_code', 'trust_name', 'site_name', 'total_responses', 'total_responses_status',
            'total_eligible', 'total_eligible_status', 'positive_share_status', 'negative_share_status',
            'very_good', 'very_good_status', 'good', 'good_status', 'neither_good_nor_poor',
            'neither_good_nor_poor_status', 'poor', 'poor_status', 'very_poor', 'very_poor_status',
            'dont_know', 'dont_know_status', 'first_specialty', 'second_specialty',
        ],
        'decimals': ['positive_share', 'negative_share'],
    },
    'pulse_survey': {
        'key': ['quarter', 'site_code', 'unit_name', 'question_code'],
        'texts': ['base_n', 'positive_n'],
        'decimals': [],
    },
    'staff_survey_detail': {
        'key': ['survey_year', 'sheet_name', 'breakdown', 'respondents', 'question_no', 'answer'],
        'texts': ['question_text', 'answer_pct_status', 'base_n', 'base_n_status'],
        'decimals': ['answer_pct'],
    },
    'staff_survey': {
        'key': ['survey_year', 'weighting', 'site_code', 'unit_name', 'measure_code'],
        'texts': ['unit_level', 'measure_type', 'base_n', 'base_n_status', 'score_status', 'positive_pct_status'],
        'decimals': ['score', 'positive_pct'],
    },
    'programme': {
        'key': ['programme_id'],
        'texts': ['programme_name', 'programme_type', 'start_date', 'end_date', 'lead_role', 'funder'],
        'decimals': [],
    },
    'ward_enrolment': {
        'key': ['programme_id', 'site_code', 'ward_name'],
        'texts': [
            'wave_no', 'enrolled_date', 'diagnostic_date', 'engagement_date', 'nomination_date',
            'training_date', 'action_date', 'status',
        ],
        'decimals': [],
    },
    'dataset': {
        'key': ['dataset_id'],
        'texts': [
            'dataset_name', 'question_answered', 'coverage', 'lag_days', 'owner_role',
            'how_to_ask', 'limits', 'feed',
        ],
        'decimals': [],
    },
    'survey_unit_ward': {
        'key': ['survey_code', 'site_code', 'unit_name', 'ward_id', 'valid_from'],
        'texts': ['valid_to'],
        'decimals': [],
    },
    'survey_question_map': {
        'key': ['survey_code', 'survey_year', 'question_code'],
        'texts': [
            'question_text', 'measure_code', 'measure_type', 'subscore_code',
            'previous_question_code', 'is_comparable',
        ],
        'decimals': [],
    },
    'cohort': {
        'key': ['cohort_id'],
        'texts': [
            'programme_id', 'cohort_name', 'cohort_no', 'start_date', 'end_date',
            'planned_places', 'site_code', 'funder', 'funding_status', 'funding_end_date',
        ],
        'decimals': ['cost_gbp'],
    },
    'session': {
        'key': ['session_id'],
        'texts': [
            'cohort_id', 'session_no', 'session_date', 'curriculum', 'site_code', 'places',
            'session_status',
        ],
        'decimals': [],
    },
    'system_team': {
        'key': ['cohort_id', 'team_no'],
        'texts': [
            'team_name', 'population_group', 'sro_role', 'coach_role', 'team_size',
            'team_status', 'project_id', 'is_shareable',
        ],
        'decimals': [],
    },
    'workforce_equality': {
        'key': ['financial_year', 'measure_code', 'equality_group'],
        'texts': ['denominator', 'numerator'],
        'decimals': [],
    },
    'engagement_event': {
        'key': ['event_id'],
        'texts': ['programme_id', 'ward_id', 'event_date', 'facilitator_role', 'attendee_count'],
        'decimals': [],
    },
    'engagement_issue': {
        'key': ['issue_id'],
        'texts': [
            'event_id', 'ward_id', 'raised_date', 'theme', 'category', 'owner_role',
            'is_permission_needed', 'is_resource_needed', 'issue_status', 'resolved_by',
            'closed_date', 'project_id', 'is_shareable',
        ],
        'decimals': [],
    },
    'project': {
        'key': ['snapshot_date', 'project_id'],
        'texts': [
            'project_name', 'strategic_aims', 'project_status', 'progress_score_date',
            'target_group', 'population_group', 'site_code', 'ward_id', 'programme_id',
            'cohort_id', 'start_date', 'end_date', 'lead_role', 'coach_role', 'is_shareable',
        ],
        'decimals': ['progress_score'],
    },
    'project_measure': {
        'key': ['measure_id'],
        'texts': ['project_id', 'measure_name', 'measure_type', 'indicator_code', 'unit', 'direction'],
        'decimals': ['baseline_value', 'target_value'],
    },
    'measure_value': {
        'key': ['measure_id', 'value_date'],
        'texts': [],
        'decimals': ['numerator', 'denominator', 'value'],
    },
    'pdsa_cycle': {
        'key': ['project_id', 'cycle_no'],
        'texts': ['start_date', 'end_date', 'decision', 'is_shareable'],
        'decimals': [],
    },
    'benefit': {
        'key': ['benefit_id'],
        'texts': [
            'project_id', 'benefit_type', 'benefit_name', 'unit', 'validated_by_role',
            'validated_date',
        ],
        'decimals': ['planned_value', 'realised_value', 'validated_value', 'cost_gbp'],
    },
    'intervention': {
        'key': ['intervention_id', 'ward_id'],
        'texts': [
            'intervention_name', 'project_id', 'start_date', 'end_date', 'expected_indicators',
            'expected_named_date', 'spread_from', 'contact_role', 'is_shareable',
        ],
        'decimals': [],
    },
    'analyst_note': {
        'key': ['ward_id', 'indicator_code', 'month'],
        'texts': ['author_role', 'review_date', 'is_shareable'],
        'decimals': [],
    },
    'data_engagement': {
        'key': ['contact_id'],
        'texts': ['ward_id', 'contact_date', 'topic', 'dataset_id', 'contact_outcome'],
        'decimals': [],
    },
    'publication_approval': {
        'key': ['audience', 'granted_date'],
        'texts': ['until_date', 'approved_by_role'],
        'decimals': [],
    },
    'waiver': {
        'key': ['rule_id', 'check_scope', 'granted_date'],
        'texts': ['until_date', 'asked_by_role', 'approved_by_role'],
        'decimals': [],
    },
    'bed_days': {
        'key': ['site_code', 'ward_name', 'census_date'],
        'texts': ['midnight_count', 'available_beds'],
        'decimals': [],
    },
    'safer_staffing': {
        'key': ['site_code', 'ward_name', 'division', 'month'],
        'texts': ['patient_count_midnight', 'missing_census_count'],
        'decimals': [
            'day_registered_planned_hours', 'day_registered_actual_hours',
            'day_unregistered_planned_hours', 'day_unregistered_actual_hours',
            'night_registered_planned_hours', 'night_registered_actual_hours',
            'night_unregistered_planned_hours', 'night_unregistered_actual_hours',
        ],
    },
    'incident_summary': {
        'key': ['site_code', 'ward_name', 'incident_type', 'harm_level', 'month'],
        'texts': ['incident_count'],
        'decimals': [],
    },
    'staff_in_post': {
        'key': ['cost_centre', 'staff_group', 'band_group', 'month'],
        'texts': ['headcount'],
        'decimals': ['staff_fte'],
    },
    'fft_submission': {
        'key': ['site_code', 'ward_name', 'month'],
        'texts': [
            'eligible_n', 'responses_n', 'very_good_n', 'good_n', 'neither_n', 'poor_n',
            'very_poor_n', 'dont_know_n',
        ],
        'decimals': [],
    },
    'ward_accreditation': {
        'key': ['site_code', 'ward_name', 'assessed_date'],
        'texts': ['accreditation_level', 'reassessment_due_date'],
        'decimals': ['score_pct'],
    },
    'spc_baseline': {
        'key': ['org_level', 'org_id', 'indicator_code', 'month', 'kind'],
        'texts': ['value'],
        'decimals': [],
    },
    'imd': {
        'key': ['vintage_date', 'lsoa_code', 'lsoa_vintage'],
        'texts': [
            'lsoa_name', 'ltla_code', 'ltla_name', 'imd_rank', 'imd_decile', 'imd_quintile',
            'income_decile', 'employment_decile', 'education_decile', 'health_decile',
            'crime_decile', 'housing_decile', 'environment_decile', 'income_rank',
            'employment_rank', 'education_rank', 'health_rank', 'crime_rank',
            'housing_rank', 'environment_rank',
        ],
        'decimals': [
            'imd_score', 'income_score', 'employment_score', 'education_score',
            'health_score', 'crime_score', 'housing_score', 'environment_score',
        ],
    },
    'lsoa_lookup': {
        'key': ['lsoa_code', 'lsoa_vintage'],
        'texts': [
            'lsoa_name', 'electoral_ward_code', 'electoral_ward_name', 'ltla_code',
            'ltla_name', 'sub_icb_code', 'sub_icb_ods_code', 'sub_icb_name', 'icb_code',
            'icb_ods_code', 'icb_name',
        ],
        'decimals': [],
    },
    'lsoa_change': {
        'key': ['lsoa11_code', 'lsoa21_code'],
        'texts': ['change_code', 'lsoa11_name', 'lsoa21_name', 'ltla_code', 'ltla_name'],
        'decimals': [],
    },
    'population': {
        'key': ['vintage_date', 'lsoa_code', 'lsoa_vintage', 'age_band', 'sex_code'],
        'texts': ['from_age', 'population_n'],
        'decimals': [],
    },
    'ethnicity_population': {
        'key': ['vintage_date', 'lsoa_code', 'lsoa_vintage', 'ethnic_group'],
        'texts': ['population_n', 'residents_n'],
        'decimals': [],
    },
    'travel_time': {
        'key': ['lsoa_code', 'lsoa_vintage', 'site_code', 'travel_mode'],
        'texts': ['travel_minutes_status'],
        'decimals': ['travel_minutes', 'distance_km'],
    },
} %}

with

periods as (
    select * from {{ source('ledger', 'file_period') }}
),

run as (
    {{ current_run() }}
),

runs as (
    select distinct
        run_id,
        run_no
    from {{ source('ledger', 'run') }}
),

published as (
    select distinct runs.run_no
    from {{ source('ledger', 'run_end') }} as ends
    inner join runs using (run_id)
    where ends.outcome = 'published'
),

versions as (
    select
        periods.feed,
        periods.scope,
        periods.period,
        periods.sequence,
        periods.file_id,
        runs.run_no,
        run.run_no as present_run_no,
        lead(runs.run_no) over (
            partition by periods.feed, periods.scope, periods.period
            order by periods.sequence asc, periods.file_id desc
        ) as next_run_no
    from periods
    inner join runs using (run_id)
    cross join run
    where run.as_of_sequence is null or periods.sequence <= run.as_of_sequence
),

shown as (
    select distinct
        versions.feed,
        versions.scope,
        versions.period,
        versions.sequence,
        versions.file_id
    from versions
    left join published
        on versions.run_no <= published.run_no
        and (versions.next_run_no > published.run_no or versions.run_no = published.run_no)
    where versions.next_run_no is null
        or published.run_no is not null
        -- What came in this run with the version that replaced it.
        or (versions.run_no = versions.present_run_no and versions.next_run_no = versions.present_run_no)
),

followed as (
    select
        feed,
        scope,
        period,
        file_id as superseded_file_id,
        lead(file_id) over (
            partition by feed, scope, period
            order by sequence asc, file_id desc
        ) as file_id,
        lead(sequence) over (
            partition by feed, scope, period
            order by sequence asc, file_id desc
        ) as file_sequence
    from shown
),

sides as (
    {% for side in ['superseded_file_id', 'file_id'] %}
    select
        feed,
        scope,
        period,
        file_sequence,
        superseded_file_id,
        file_id,
        {{ side }} as side_file_id,
        {{ loop.index0 }} as is_new
    from followed
    where file_id is not null
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

{% for feed, columns in compared.items() %}
{{ feed }}_columns as (
    {% for column in columns.texts + columns.decimals %}
    select '{{ column }}' as column_name
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ feed }}_sides as (
    -- Rows alike on both sides go before columns become rows: of the millions of values of a national file
    -- few differ.
    select
        {% for column in columns.key + columns.texts + columns.decimals %}
        {{ column }},
        {% endfor %}
        side_scope,
        side_period,
        side_sequence,
        side_superseded_file_id,
        side_new_file_id,
        side_is_new
    from (
        select
            {% for column in columns.key + columns.texts + columns.decimals %}
            delivered.{{ column }},
            {% endfor %}
            sides.scope as side_scope,
            sides.period as side_period,
            sides.file_sequence as side_sequence,
            sides.superseded_file_id as side_superseded_file_id,
            sides.file_id as side_new_file_id,
            sides.is_new as side_is_new,
            count(*) over (
                partition by
                    {% for column in columns.key + columns.texts + columns.decimals %}
                    delivered.{{ column }},
                    {% endfor %}
                    sides.scope,
                    sides.period,
                    sides.file_sequence
            ) as rows_alike
        from {{ source('lake', feed) }} as delivered
        inner join sides
            on sides.feed = '{{ feed }}'
            and delivered._file_id = sides.side_file_id
            and delivered._scope = sides.scope
            and delivered._period = sides.period
    ) as both_sides
    where rows_alike = 1
),

{{ feed }}_values as (
    select
        '{{ feed }}' as feed,
        delivered.side_scope as scope,
        delivered.side_period as period,
        delivered.side_sequence as file_sequence,
        delivered.side_superseded_file_id as superseded_file_id,
        delivered.side_new_file_id as file_id,
        delivered.side_is_new as is_new,
        concat_ws(
            '|',
            {% for column in columns.key %}
            coalesce(cast(delivered.{{ column }} as string), ''){{ ',' if not loop.last }}
            {% endfor %}
        ) as restated_row,
        {{ 'cast(delivered.indicator_code as string)' if feed == 'ward_indicator' else "''" }} as indicator_code,
        {{ feed }}_columns.column_name,
        case {{ feed }}_columns.column_name
            {% for column in columns.texts %}
            when '{{ column }}' then cast(delivered.{{ column }} as string)
            {% endfor %}
            {% for column in columns.decimals %}
            when '{{ column }}'
                then trim(trailing '.' from trim(trailing '0' from cast(delivered.{{ column }} as string)))
            {% endfor %}
        end as delivered_value
    from {{ feed }}_sides as delivered
    cross join {{ feed }}_columns
),

{% endfor %}
delivered_values as (
    {% for feed in compared %}
    select
        feed,
        scope,
        period,
        file_sequence,
        superseded_file_id,
        file_id,
        is_new,
        restated_row,
        indicator_code,
        column_name,
        delivered_value
    from {{ feed }}_values
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

paired as (
    select
        feed,
        scope,
        period,
        file_sequence,
        restated_row,
        column_name,
        max(superseded_file_id) as superseded_file_id,
        max(file_id) as file_id,
        max(indicator_code) as indicator_code,
        max(case when is_new = 0 then delivered_value end) as old_value,
        max(case when is_new = 1 then delivered_value end) as new_value,
        min(is_new) as first_side,
        max(is_new) as last_side
    from delivered_values
    group by feed, scope, period, file_sequence, restated_row, column_name
)

select
    feed,
    scope,
    period,
    file_sequence,
    restated_row,
    column_name,
    superseded_file_id,
    file_id,
    indicator_code,
    case
        when last_side = 0 then 'withdrawn'
        when first_side = 1 then 'added_late'
        else 'changed'
    end as restatement_kind,
    old_value,
    new_value

from paired
where old_value is distinct from new_value
