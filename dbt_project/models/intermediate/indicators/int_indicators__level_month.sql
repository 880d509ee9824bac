-- Ward, site and trust are sums of the same parts: numerators and denominators first, then one division.
-- A part that was suppressed at source or is missing makes the sum incomplete; one that does not apply is
-- left out of it.
{% set ward_levels = {'ward': 'ward_id', 'site': 'site_code', 'trust': "'" ~ var('trust_code') ~ "'"} %}

with

ward_parts as (
    select * from {{ ref('int_indicators__ward_part') }}
),

provider_parts as (
    select * from {{ ref('int_indicators__provider_part') }}
),

ward_months as (
    select * from {{ ref('int_reference__ward_month') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

levelled as (
    {% for org_level, org_id in ward_levels.items() %}
    select
        '{{ org_level }}' as org_level,
        {{ org_id }} as org_id,
        ward_id,
        cast(null as string) as provider_name,
        site_code,
        indicator_code,
        month,
        numerator,
        denominator,
        delivered_value,
        part_status,
        is_part_lacking,
        is_provisional,
        definition_version,
        unit,
        multiplier,
        disclosure_class
    from ward_parts

    union all
    {% endfor %}

    select
        'provider' as org_level,
        org_code as org_id,
        cast(null as string) as ward_id,
        org_name as provider_name,
        cast(null as string) as site_code,
        indicator_code,
        month,
        numerator,
        denominator,
        delivered_value,
        part_status,
        is_part_lacking,
        false as is_provisional,
        definition_version,
        unit,
        multiplier,
        disclosure_class
    from provider_parts
),

summed as (
    select
        org_level,
        org_id,
        indicator_code,
        month,
        max(provider_name) as provider_name,
        max(site_code) as site_code,
        cast(sum(numerator) as decimal(18, 6)) as numerator,
        cast(sum(denominator) as decimal(18, 6)) as denominator,
        case when count(*) = 1 then max(delivered_value) end as delivered_value,
        org_level in ('ward', 'provider') and count(*) = 1 as is_one_part,
        max(part_status) as any_part_status,
        max(case when is_part_lacking then 1 else 0 end) = 1 as has_part_lacking,
        max(case when part_status = 'reported' then 1 else 0 end) = 1 as has_part_reported,
        max(case when is_provisional then 1 else 0 end) = 1 as is_provisional,
        count(distinct case when part_status = 'reported' then ward_id end) as wards_reporting,
        definition_version,
        unit,
        multiplier,
        disclosure_class
    from levelled
    group by
        org_level,
        org_id,
        indicator_code,
        month,
        definition_version,
        unit,
        multiplier,
        disclosure_class
),

series as (
    select distinct
        indicator_code,
        month
    from ward_parts
),

applicable as (
    -- Wards that the register holds in the month and to whose type the indicator applies, and any that
    -- report.
    select
        ward_months.site_code,
        ward_months.ward_id,
        series.indicator_code,
        series.month
    from series
    inner join ward_months on series.month = ward_months.month
    left join definitions
        on series.indicator_code = definitions.indicator_code
        and series.month >= definitions.valid_from
        and (definitions.valid_to is null or series.month < definitions.valid_to)
    where definitions.applicable_ward_types is null
        or concat('|', definitions.applicable_ward_types, '|') like concat('%|', ward_months.ward_type, '|%')

    union distinct

    select
        site_code,
        ward_id,
        indicator_code,
        month
    from ward_parts
    where part_status = 'reported'
),

applicable_levelled as (
    {% for org_level, org_id in ward_levels.items() %}
    select
        '{{ org_level }}' as org_level,
        {{ org_id }} as org_id,
        indicator_code,
        month,
        ward_id
    from applicable
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

applicable_counts as (
    select
        org_level,
        org_id,
        indicator_code,
        month,
        count(distinct ward_id) as wards_applicable
    from applicable_levelled
    group by org_level, org_id, indicator_code, month
),

stated as (
    select
        org_level,
        org_id,
        provider_name,
        site_code,
        indicator_code,
        month,
        case when is_one_part or not has_part_lacking then numerator end as numerator,
        case when is_one_part or not has_part_lacking then denominator end as denominator,
        delivered_value,
        case
            when is_one_part and any_part_status <> 'reported' then any_part_status
            when has_part_lacking and not is_one_part then 'incomplete'
            when not has_part_reported then 'not_applicable'
            when definition_version is null then 'incomplete'
            when unit <> 'count' and denominator = 0 then 'not_applicable'
            else 'reported'
        end as value_status,
        is_provisional,
        wards_reporting,
        definition_version,
        unit,
        multiplier,
        disclosure_class
    from summed
)

select
    stated.org_level,
    stated.org_id,
    stated.provider_name,
    stated.site_code,
    stated.indicator_code,
    stated.month,
    stated.numerator,
    stated.denominator,
    stated.delivered_value,
    case
        when stated.value_status <> 'reported' then null
        when stated.unit = 'count'
            then cast(cast(stated.numerator as decimal(28, 6)) * stated.multiplier as decimal(24, 12))
        -- A sender may give a value without its parts: it stands for its ward, and no sum can be made of
        -- it.
        when stated.denominator is null or stated.numerator is null then stated.delivered_value
        else {{ ratio('stated.numerator', 'stated.denominator', 'stated.multiplier') }}
    end as value,
    stated.value_status,
    stated.is_provisional,
    case when stated.org_level <> 'provider' then cast(stated.wards_reporting as int) end as wards_reporting,
    case
        when stated.org_level <> 'provider' then cast(coalesce(applicable_counts.wards_applicable, 0) as int)
    end as wards_applicable,
    stated.definition_version,
    stated.unit,
    stated.multiplier,
    coalesce(stated.disclosure_class, 'patient_group') as disclosure_class,
    case
        when stated.disclosure_class = 'fft'
            and stated.indicator_code in ('{{ var("fft_answers_as_numerator") | join("', '") }}')
            then stated.numerator
        when stated.disclosure_class = 'fft' then stated.denominator
    end as answers

from stated
left join applicable_counts using (org_level, org_id, indicator_code, month)
