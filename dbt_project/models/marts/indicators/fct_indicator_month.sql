with

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

decisions as (
    select * from {{ ref('int_indicators__cell_decision') }}
),

ward_months as (
    select * from {{ ref('int_reference__ward_month') }}
),

sites as (
    select * from {{ ref('int_reference__site_validity') }}
)

select
    {{ surrogate_key(['figures.org_level', 'figures.org_id', 'figures.indicator_code', 'figures.month']) }}
        as indicator_month_key,
    figures.org_level,
    figures.org_id,
    case figures.org_level
        when 'ward' then coalesce(ward_months.ward_name, figures.org_id)
        when 'site' then coalesce(sites.site_name, figures.org_id)
        when 'trust' then '{{ var("trust_name") | replace("'", "''") }}'
        else figures.provider_name
    end as org_name,
    case figures.org_level
        when 'ward' then coalesce(ward_months.site_code, figures.site_code)
        when 'site' then figures.org_id
    end as site_code,
    figures.indicator_code,
    figures.definition_version,
    case
        when figures.definition_version is not null
            then {{ surrogate_key(['figures.indicator_code', 'figures.definition_version']) }}
    end as indicator_key,
    figures.month,
    {{ disclosed('figures.numerator') }} as numerator,
    {{ disclosed('figures.denominator') }} as denominator,
    {{ disclosed('figures.value') }} as value,
    figures.unit,
    {{ disclosed_status('figures.value_status') }} as value_status,
    figures.is_provisional,
    figures.wards_reporting,
    figures.wards_applicable

from figures
left join decisions using (org_level, org_id, indicator_code, month)
left join ward_months
    on figures.org_level = 'ward'
    and figures.org_id = ward_months.ward_id
    and figures.month = ward_months.month
left join sites
    on figures.org_level = 'site'
    and figures.org_id = sites.site_code
    and figures.month >= sites.valid_from
    and (sites.valid_to is null or figures.month < sites.valid_to)
