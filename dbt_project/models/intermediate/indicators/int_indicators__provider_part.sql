-- The headline series count booked attendances in both layouts: the one used to March 2025 gives them
-- apart, the one since then has them inside. What an old file gives apart stands under codes of its own,
-- for its months alone.
{% set types = ['type_1', 'type_2', 'type_3'] %}

{% set measures = [] %}
{% for type in types + ['total'] %}
{% set code = type | upper %}
{% do measures.append({'code': 'AE_ATTENDANCES_' ~ code, 'numerator': 'attendances_' ~ type}) %}
{% do measures.append({'code': 'AE_OVER_4H_' ~ code, 'numerator': 'over_4_hours_' ~ type}) %}
{% do measures.append({
    'code': 'AE_WITHIN_4H_PCT' if type == 'total' else 'AE_WITHIN_4H_' ~ code ~ '_PCT',
    'numerator': 'within_4_hours_' ~ type,
    'denominator': 'attendances_' ~ type,
    'delivered_value': 'within_4_hours_' ~ type ~ '_pct',
}) %}
{% endfor %}
{% for code, column in [
    ('AE_EMERGENCY_ADMISSIONS_TYPE_1', 'emergency_admissions_type_1'),
    ('AE_EMERGENCY_ADMISSIONS_TYPE_2', 'emergency_admissions_type_2'),
    ('AE_EMERGENCY_ADMISSIONS_TYPE_3', 'emergency_admissions_type_3'),
    ('AE_EMERGENCY_ADMISSIONS_VIA_AE', 'emergency_admissions_via_ae_total'),
    ('AE_EMERGENCY_ADMISSIONS_OTHER', 'other_emergency_admissions'),
    ('AE_EMERGENCY_ADMISSIONS_TOTAL', 'emergency_admissions_total'),
    ('AE_DTA_OVER_4H', 'dta_wait_over_4_hours'),
    ('AE_DTA_OVER_12H', 'dta_wait_over_12_hours'),
] %}
{% do measures.append({'code': code, 'numerator': column}) %}
{% endfor %}

{% set parts_apart = [] %}
{% for part in [
    'unbooked_attendances', 'booked_attendances', 'unbooked_over_4_hours', 'booked_over_4_hours',
] %}
{% for type in types %}
{% set code = 'AE_' ~ (part ~ '_' ~ type) | upper | replace('4_HOURS', '4H') %}
{% do parts_apart.append({'code': code, 'numerator': part ~ '_' ~ type}) %}
{% endfor %}
{% endfor %}
{% do parts_apart.append({'code': 'AE_DTA_4_TO_12H', 'numerator': 'dta_wait_4_to_12_hours'}) %}

{% set waits = [
    ('RTT_WITHIN_18W_PCT', 'pathways_within_18_weeks'),
    ('RTT_OVER_18W_PCT', 'pathways_over_18_weeks'),
    ('RTT_OVER_52W_PCT', 'pathways_over_52_weeks'),
    ('RTT_OVER_65W_PCT', 'pathways_over_65_weeks'),
] %}

with

activity as (
    select * from {{ ref('stg_indicators__ae_attendances') }}
),

sickness as (
    select * from {{ ref('stg_indicators__sickness_absence') }}
),

waiting as (
    select * from {{ ref('int_indicators__rtt_month') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

by_type as (
    select
        month,
        org_code,
        org_name,
        {% for type in types %}
        coalesce(
            attendances_{{ type }},
            unbooked_attendances_{{ type }} + booked_attendances_{{ type }}
        ) as attendances_{{ type }},
        coalesce(
            over_4_hours_{{ type }},
            unbooked_over_4_hours_{{ type }} + booked_over_4_hours_{{ type }}
        ) as over_4_hours_{{ type }},
        within_4_hours_{{ type }},
        within_4_hours_{{ type }}_pct,
        emergency_admissions_{{ type }},
        {% endfor %}
        attendances_total,
        over_4_hours_total,
        within_4_hours_total,
        within_4_hours_pct as within_4_hours_total_pct,
        emergency_admissions_via_ae_total,
        other_emergency_admissions,
        emergency_admissions_total,
        coalesce(
            dta_wait_over_4_hours,
            dta_wait_4_to_12_hours + dta_wait_over_12_hours
        ) as dta_wait_over_4_hours,
        dta_wait_over_12_hours,
        {% for part in parts_apart %}
        {{ part.numerator }},
        {% endfor %}
        coalesce({{ parts_apart | map(attribute='numerator') | join(', ') }}) is not null as has_booked_apart
    from activity
),

with_totals as (
    select
        month,
        org_code,
        org_name,
        {% for type in types %}
        attendances_{{ type }},
        over_4_hours_{{ type }},
        coalesce(
            within_4_hours_{{ type }},
            attendances_{{ type }} - over_4_hours_{{ type }}
        ) as within_4_hours_{{ type }},
        within_4_hours_{{ type }}_pct,
        emergency_admissions_{{ type }},
        {% endfor %}
        {% for column in ['attendances', 'over_4_hours'] %}
        coalesce(
            {{ column }}_total,
            {{ column }}_type_1 + {{ column }}_type_2 + {{ column }}_type_3
        ) as {{ column }}_total,
        {% endfor %}
        coalesce(
            within_4_hours_total,
            attendances_type_1 + attendances_type_2 + attendances_type_3
            - over_4_hours_type_1 - over_4_hours_type_2 - over_4_hours_type_3
        ) as within_4_hours_total,
        within_4_hours_total_pct,
        coalesce(
            emergency_admissions_via_ae_total,
            emergency_admissions_type_1 + emergency_admissions_type_2 + emergency_admissions_type_3
        ) as emergency_admissions_via_ae_total,
        other_emergency_admissions,
        coalesce(
            emergency_admissions_total,
            emergency_admissions_type_1 + emergency_admissions_type_2 + emergency_admissions_type_3
            + other_emergency_admissions
        ) as emergency_admissions_total,
        dta_wait_over_4_hours,
        dta_wait_over_12_hours,
        {% for part in parts_apart %}
        {{ part.numerator }},
        {% endfor %}
        has_booked_apart
    from by_type
),

codes as (
    {% for measure in measures + parts_apart %}
    select '{{ measure.code }}' as indicator_code, {{ measure in parts_apart }} as is_apart
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

unpivoted as (
    select
        with_totals.org_code,
        with_totals.org_name,
        with_totals.month,
        codes.indicator_code,
        case codes.indicator_code
            {% for measure in measures + parts_apart %}
            when '{{ measure.code }}' then with_totals.{{ measure.numerator }}
            {% endfor %}
        end as numerator,
        case codes.indicator_code
            {% for measure in measures if measure.denominator %}
            when '{{ measure.code }}' then with_totals.{{ measure.denominator }}
            {% endfor %}
        end as denominator,
        case codes.indicator_code
            {% for measure in measures if measure.delivered_value %}
            when '{{ measure.code }}' then with_totals.{{ measure.delivered_value }}
            {% endfor %}
        end as delivered_value
    from with_totals
    cross join codes
    where with_totals.has_booked_apart or not codes.is_apart
),

figures as (
    select
        org_code,
        org_name,
        month,
        indicator_code,
        cast(numerator as decimal(18, 6)) as numerator,
        cast(denominator as decimal(18, 6)) as denominator,
        cast(delivered_value as decimal(24, 12)) as delivered_value
    from unpivoted

    union all

    -- Bodies that treat nobody pay staff too, and are no providers to be compared with.
    select
        org_code,
        org_name,
        month,
        'SICKNESS_ABSENCE_PCT' as indicator_code,
        cast(fte_days_lost as decimal(18, 6)) as numerator,
        cast(fte_days_available as decimal(18, 6)) as denominator,
        sickness_absence_pct as delivered_value
    from sickness
    where org_type is null
        or {{ match_text('org_type') }} not in (
            {% for org_type in var('sickness_other_org_types') %}
            '{{ org_type }}'{{ ',' if not loop.last }}
            {% endfor %}
        )

    union all

    select
        org_code,
        org_name,
        month,
        'RTT_INCOMPLETE_PATHWAYS' as indicator_code,
        cast(pathways_total as decimal(18, 6)) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        cast(null as decimal(24, 12)) as delivered_value
    from waiting

    {% for code, pathways in waits %}
    union all

    select
        org_code,
        org_name,
        month,
        '{{ code }}' as indicator_code,
        case when pathways_known_weeks > 0 then cast({{ pathways }} as decimal(18, 6)) end as numerator,
        case when pathways_known_weeks > 0 then cast(pathways_known_weeks as decimal(18, 6)) end as denominator,
        cast(null as decimal(24, 12)) as delivered_value
    from waiting
    {% if not loop.last %}

    {% endif %}
    {% endfor %}
)

select
    figures.org_code,
    figures.org_name,
    figures.indicator_code,
    figures.month,
    figures.numerator,
    figures.denominator,
    figures.delivered_value,
    case
        when figures.numerator is null then 'missing'
        when definitions.unit = 'pct' and figures.denominator is null then 'missing'
        else 'reported'
    end as part_status,
    figures.numerator is null
    or (definitions.unit = 'pct' and figures.denominator is null) as is_part_lacking,
    definitions.definition_version,
    definitions.unit,
    definitions.multiplier,
    definitions.disclosure_class

from figures
left join definitions
    on figures.indicator_code = definitions.indicator_code
    and figures.month >= definitions.valid_from
    and (definitions.valid_to is null or figures.month < definitions.valid_to)
