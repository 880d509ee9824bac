-- Incomplete pathways alone: those with a decision to admit are some of them and would count twice. Rows are
-- summed over commissioners and treatment functions; the publisher's own total of these stays in ingest,
-- where it is held against its parts.
{% set weeks = [] %}
{% for week in range(104) %}
{% do weeks.append('weeks_%02d_to_%02d' % (week, week + 1)) %}
{% endfor %}
{% do weeks.append('weeks_over_104') %}

with

returns as (
    select * from {{ ref('stg_indicators__rtt') }}
),

incomplete as (
    select
        month,
        org_code,
        org_name,
        {% for after, name in [
            (0, 'pathways_known_weeks'),
            (18, 'pathways_over_18_weeks'),
            (52, 'pathways_over_52_weeks'),
            (65, 'pathways_over_65_weeks'),
        ] %}
        (
            {% for week in weeks[after:] %}
            {{ '+ ' if not loop.first }}coalesce({{ week }}, 0)
            {% endfor %}
        ) as {{ name }},
        {% endfor %}
        pathways_total
    from returns
    where pathway_type = 'part_2'
)

select
    org_code,
    max(org_name) as org_name,
    month,
    cast(sum(pathways_total) as bigint) as pathways_total,
    cast(sum(pathways_known_weeks) as bigint) as pathways_known_weeks,
    cast(sum(pathways_known_weeks - pathways_over_18_weeks) as bigint) as pathways_within_18_weeks,
    cast(sum(pathways_over_18_weeks) as bigint) as pathways_over_18_weeks,
    cast(sum(pathways_over_52_weeks) as bigint) as pathways_over_52_weeks,
    cast(sum(pathways_over_65_weeks) as bigint) as pathways_over_65_weeks

from incomplete
group by org_code, month
