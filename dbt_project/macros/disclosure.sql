{#-
    Disclosure control: what of a cell may be seen, by the class of its measure and the audience of the
    release.

    A cell is decided once, in the domain's `int_<domain>__cell_decision`; a mart joins the decision and
    writes its columns through `disclosed`. Whatever is not named here is suppressed: a class or an
    audience that nobody thought of shows nothing.

    class          audience   rule
    none           any        shown: published elsewhere, or counts no people
    ward_event     internal   shown: harm, staffing, complaints; no patient characteristic in it
    ward_event     public     the HES rule
    patient_group  both       the HES rule: any split by a patient's characteristic
    survey         internal   shown where at least `survey_minimum_responses` people answered
    survey         public     the same, and never below site
    fft            both       shown where nobody or at least `fft_minimum_responses` people answered
    staff          internal   shown where at least `staff_minimum_people` people are in the cell
    staff          public     the same, and never below site

    The HES rule: 1 to 7 suppressed, 0 shown, all else rounded to the nearest 5. A cell under it is decided
    `rounded`, and `disclosed` shows nothing of it: a count goes through `disclosed_count`, a share through
    `disclosed_percentage`, which round. What is computed of both (a gap, a ratio, its limits) is computed from
    exact figures, and goes through `disclosed_percentage` with the parts of both.
-#}

{#-
    'shown', 'rounded' or 'suppressed', from expressions for class, audience, people in the cell and organisation
    level.
-#}
{% macro disclosure_decision(disclosure_class, audience, base='null', org_level='null') -%}
case
    when {{ disclosure_class }} = 'none'
        then 'shown'
    when {{ disclosure_class }} = 'ward_event' and {{ audience }} = 'internal'
        then 'shown'
    when {{ disclosure_class }} in ('patient_group', 'ward_event')
        and {{ audience }} in ('internal', 'public')
        and ({{ base }} = 0 or {{ base }} > {{ var('hes_largest_suppressed') }})
        then 'rounded'
    when {{ disclosure_class }} = 'fft'
        and ({{ base }} = 0 or {{ base }} >= {{ var('fft_minimum_responses') }})
        and {{ audience }} in ('internal', 'public')
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

{#- The column where its cell is shown as it is, else null; a cell without a decision is not shown. -#}
{% macro disclosed(column, decision='decisions.decision') -%}
case when {{ decision }} = 'shown' then {{ column }} end
{%- endmacro %}

{#- A count to the nearest `hes_rounding`, in whole numbers throughout. -#}
{% macro hes_rounded(count) -%}
cast(
    floor((cast({{ count }} as bigint) + {{ var('hes_rounding') // 2 }}) / {{ var('hes_rounding') }}.0)
    * {{ var('hes_rounding') }} as bigint
)
{%- endmacro %}

{#-
    A count of people where its cell may be seen: exact where shown, rounded where the HES rule holds. A count
    from 1 to 7 is hidden whatever its cell's decision says, so that a decision made for another count of the same
    cell cannot show it.
-#}
{% macro disclosed_count(count, decision='decisions.decision') -%}
case
    when {{ decision }} = 'shown' then {{ count }}
    when {{ decision }} = 'rounded' and ({{ count }} = 0 or {{ count }} > {{ var('hes_largest_suppressed') }})
        then {{ hes_rounded(count) }}
end
{%- endmacro %}

{#-
    A percentage (0-100) of the exact parts, where the HES rule lets it be seen: at least eight with and none or
    at least eight without, of at least a hundred; whole per cent below a denominator of 4,000, else one decimal.
    A percentage in full gives its numerator and denominator back.
-#}
{% macro disclosed_percentage(percentage, numerator, denominator, decision='decisions.decision') -%}
case
    when {{ decision }} = 'shown' then {{ percentage }}
    when {{ decision }} = 'rounded'
        and {{ numerator }} > {{ var('hes_largest_suppressed') }}
        and (
            {{ denominator }} = {{ numerator }}
            or {{ denominator }} - {{ numerator }} > {{ var('hes_largest_suppressed') }}
        )
        and {{ denominator }} >= {{ var('percentage_minimum_denominator') }}
        then case
            when {{ denominator }} < {{ var('percentage_decimal_denominator') }}
                then round({{ percentage }}, 0)
            else round({{ percentage }}, 1)
        end
end
{%- endmacro %}

{#- The value status of a cell: 'suppressed' outweighs what the figure itself says. -#}
{% macro disclosed_status(value_status, decision='decisions.decision') -%}
case when {{ decision }} in ('shown', 'rounded') then {{ value_status }} else 'suppressed' end
{%- endmacro %}

{#-
    'shown' where every one of these percentages may be seen, else 'suppressed'; a part is numerator, denominator and
    decision. What is computed of several (a gap, a ratio, an index) goes through `disclosed` by it.
-#}
{% macro disclosed_together(parts) -%}
case
    when {% for part in parts -%}
    {{ 'and ' if not loop.first }}{{ disclosed_percentage('1', part[0], part[1], part[2]) }} is not null
    {% endfor -%}
    then 'shown'
    else 'suppressed'
end
{%- endmacro %}

{#- A figure in the precision of percentages of so many: whole per cent below 4,000, else one decimal. -#}
{% macro disclosed_precision(figure, denominator) -%}
case
    when {{ denominator }} < {{ var('percentage_decimal_denominator') }} then round({{ figure }}, 0)
    else round({{ figure }}, 1)
end
{%- endmacro %}
