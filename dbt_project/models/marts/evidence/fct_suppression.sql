-- Where a cell is decided for several counts, each count is one; what is shown rounded is not suppressed.
{% set domains = {
    'indicators': "case when rule in ('ward_event', 'patient_group') then rule else 'other_class' end",
    'surveys': 'rule',
    'programmes': 'rule',
    'inequalities': 'rule',
    'evidence': 'rule',
} %}

with

{% for domain in domains %}
{{ domain }} as (
    select * from {{ ref('int_' ~ domain ~ '__cell_decision') }}
),

{% endfor %}

decided as (
    {% for domain, rule in domains.items() %}
    select
        '{{ domain }}' as domain,
        {{ rule }} as suppression_rule,
        decision
    from {{ domain }}
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

counted as (
    select
        domain,
        case when decision = 'suppressed' then suppression_rule else 'none' end as suppression_rule,
        cast(count(*) as bigint) as cells_decided
    from decided
    group by domain, case when decision = 'suppressed' then suppression_rule else 'none' end
)

select
    {{ surrogate_key(['domain', 'suppression_rule']) }} as suppression_key,
    domain,
    suppression_rule,
    suppression_rule <> 'none' as is_suppressed,
    cells_decided

from counted
