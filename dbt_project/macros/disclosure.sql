{#-
    Disclosure control: what of a cell may be seen, by the class of its measure and the audience of the
    release.

    A cell is decided once, in the domain's `int_<domain>__cell_decision`; a mart joins the decision and
    writes its columns through `disclosed`. Whatever is not named here is suppressed: a class or an
    audience that nobody thought of shows nothing.

    class       audience   rule
    none        any        shown: published elsewhere, or counts no people
    ward_event  internal   shown: harm, staffing, complaints; no patient characteristic in it
    survey      internal   shown where at least `survey_minimum_responses` people answered
    survey      public     the same, and never below site
    staff       internal   shown where at least `staff_minimum_people` people are in the cell
    staff       public     the same, and never below site
-#}

{#-
    'shown' or 'suppressed', from expressions for class, audience, people in the cell and organisation
    level.
-#}
{% macro disclosure_decision(disclosure_class, audience, base='null', org_level='null') -%}
case
    when {{ disclosure_class }} = 'none'
        then 'shown'
    when {{ disclosure_class }} = 'ward_event' and {{ audience }} = 'internal'
        then 'shown'
    when {{ disclosure_class }} = 'survey'
        and {{ base }} >= {{ var('survey_minimum_responses') }}
        and {{ audience }} in ('internal', 'public')
        and ({{ audience }} = 'internal' or {{ org_level }} in ('site', 'trust'))
        then 'shown'
    when {{ disclosure_class }} = 'staff'
        and {{ base }} >= {{ var('staff_minimum_people') }}
        and {{ audience }} in ('internal', 'public')
        and ({{ audience }} = 'internal' or {{ org_level }} in ('site', 'trust'))
        then 'shown'
    else 'suppressed'
end
{%- endmacro %}

{#- The column where its cell is shown, else null; a cell without a decision is not shown. -#}
{% macro disclosed(column, decision='decisions.decision') -%}
case when {{ decision }} = 'shown' then {{ column }} end
{%- endmacro %}

{#- The value status of a cell: 'suppressed' outweighs what the figure itself says. -#}
{% macro disclosed_status(value_status, decision='decisions.decision') -%}
case when {{ decision }} = 'shown' then {{ value_status }} else 'suppressed' end
{%- endmacro %}
