-- Where a cell is decided for several counts, each count is one; what is shown rounded is not suppressed.
{% set decisions = {
    'indicators__cell_decision': "case when rule in ('ward_event', 'patient_group', 'fft', 'staff', 'secondary') "
        ~ "then rule else 'other_class' end",
    'surveys__cell_decision': 'rule',
    'surveys__staff_cell_decision': 'rule',
    'programmes__cell_decision': 'rule',
    'inequalities__cell_decision': 'rule',
    'evidence__cell_decision': 'rule',
} %}

with

{% for decision in decisions %}
{{ decision }} as (
    select * from {{ ref('int_' ~ decision) }}
),

{% endfor %}

decided as (
    {% for decision, rule in decisions.items() %}
    select
        '{{ decision.split('__')[0] }}' as domain,
        {{ rule }} as suppression_rule,
        decision
    from {{ decision }}
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
