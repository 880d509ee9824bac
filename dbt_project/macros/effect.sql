{#-
    What is said of a change and of what followed it.

    Belongs here: the words, made from the same columns as the figures beside them. A sentence says what was seen
    after a start and how often the same was seen where nothing was changed; that the one made the other is never
    said, because neither can show it. The 6 to 8 in 100 are simulated (docs/effects.md). Kept out: which rows, which months, what may be seen.
-#}
{% macro effect_sentence(judged, estimated) -%}
{%- set j = judged -%}
{%- set e = estimated -%}
{%- set subject = "concat(" ~ j ~ ".intervention_name, ', ' , " ~ j ~ ".ward_name, ': ')" -%}
{%- set indicator = "coalesce(" ~ j ~ ".indicator_name, " ~ j ~ ".indicator_code)" -%}
case {{ j }}.effect_status
    when 'ward_unknown'
        then concat({{ subject }}, 'the ward register does not have this ward, so nothing can be looked at.')
    when 'none_named'
        then concat({{ subject }}, 'no indicator was named that was expected to move, so none is looked at.')
    when 'indicator_unknown'
        then concat({{ subject }}, 'the indicators named are not among those we hold for wards.')
    when 'named_after_start'
        then concat(
            {{ subject }},
            'the indicators were named after the change began, or on no stated day; what moved by chance is easily',
            ' picked afterwards, so they are not looked at.'
        )
    when 'no_figures'
        then concat({{ subject }}, 'no figures of this ward for ', {{ indicator }}, ' around the start.')
    when 'not_shown'
        then concat({{ subject }}, {{ indicator }}, ' is not shown, to protect people.')
    when 'ward_changed'
        then concat(
            {{ subject }},
            'the ward merged, moved or closed in the months looked at, so before and after are not the same ward.'
        )
    when 'definition_changed'
        then concat({{ subject }}, 'the definition of ', {{ indicator }}, ' changed in the months looked at.')
    when 'too_few_months_before'
        then concat(
            {{ subject }}, {{ indicator }}, ' has only ', {{ j }}.baseline_months,
            ' months before the start; fewer than {{ var("effect_baseline_months_least") }} give no limits to hold it',
            ' against.'
        )
    when 'no_limits'
        then concat({{ subject }}, {{ indicator }}, ' did not vary before the start, so there are no limits.')
    when 'nothing_after'
        then concat({{ subject }}, 'no month of ', {{ indicator }}, ' after the start has been reported yet.')
    when 'moved_before'
        then concat(
            {{ subject }}, {{ indicator }}, ' had a signal to the better in the',
            ' {{ var("effect_moved_before_months") }} months before the recorded start, so what followed cannot be set',
            ' against it. Is the date right?'
        )
    else concat(
        {{ subject }}, {{ indicator }},
        case {{ j }}.signal_type
            when 'none' then concat(' shows no signal in ', {{ j }}.months_after_start, ' months after the start')
            else concat(
                ' shows a signal ',
                case {{ j }}.signal_type
                    when 'improvement' then 'to the better'
                    when 'concern' then 'to the worse'
                    when 'high' then 'upwards'
                    else 'downwards'
                end,
                ', complete in month ', {{ j }}.months_to_signal, ' after the start'
            )
        end,
        ' (limits fixed on ', {{ j }}.baseline_months, ' months before it). ',
        case
            when {{ j }}.signal_type = 'none' and {{ j }}.months_after_start < {{ var('effect_signal_months') }}
                then 'It is too early to say that none will come. '
            when {{ j }}.signal_type = 'none' then ''
            when {{ j }}.is_sustained then 'Six months later it still stood. '
            when not {{ j }}.is_sustained then 'Six months later it no longer stood. '
            else 'Whether it still stood six months later is not known. '
        end,
        case
            when {{ e }}.comparison_wards = 0 then 'No ward was left to compare with. '
            else concat(
                'In the same months ', {{ e }}.comparison_wards_with_signal, ' of ', {{ e }}.comparison_wards,
                ' wards that recorded no such change showed ',
                case when {{ j }}.signal_type = 'none' then 'one to the better. ' else 'the same. ' end
            )
        end,
        'Where nothing changes, 6 to 8 wards in 100 show one to the better within a year.'
    )
end
{%- endmacro %}

{#- The same of the sixty-ward rollout as a stepped design. -#}
{% macro rollout_sentence(judged, compared) -%}
{%- set j = judged -%}
{%- set name = "coalesce(" ~ j ~ ".indicator_name, " ~ j ~ ".indicator_code)" -%}
{%- set least = var('rollout_wards_least') -%}
case {{ j }}.rollout_status
    when 'nobody_joined' then 'No ward has joined the programme on a known date.'
    when 'all_at_once'
        then 'All wards joined at once, so none was left to compare with.'
    when 'too_few_months'
        then concat(
            {{ name }}, ': no wave has {{ var("rollout_months_before_least") }} months of figures before it and',
            ' {{ var("rollout_months_after_least") }} after it before the last wave joined.'
        )
    when 'definition_changed' then concat({{ name }}, ': the definition changed in the months looked at.')
    when 'too_few_enrolled'
        then concat({{ name }}, ': fewer than {{ least }} wards that joined have figures for every month.')
    when 'too_few_waiting'
        then concat({{ name }}, ': fewer than {{ least }} wards were left waiting to compare with.')
    when 'no_bed_days' then concat({{ name }}, ' is not counted by bed days, so wards cannot be weighed by them.')
    when 'too_few_events'
        then concat(
            {{ name }}, ': a ward has fewer than {{ var("rollout_events_least") }} events a month, too few to tell a',
            ' change from chance.'
        )
    else concat(
        {{ name }}, ': in the months from their start until the last wave joined, wards on the programme lay ',
        case
            when {{ j }}.estimate < 0 then concat(round(-{{ j }}.estimate, 2), ' below')
            else concat(round({{ j }}.estimate, 2), ' above')
        end,
        ' what wards still waiting let one expect (95 % from ',
        round({{ j }}.estimate - {{ level_z(0.95) }} * {{ j }}.standard_error, 2), ' to ',
        round({{ j }}.estimate + {{ level_z(0.95) }} * {{ j }}.standard_error, 2), '), from ',
        round({{ j }}.level_before, 2), ' before. ',
        case
            when {{ j }}.p_value is not null
                then concat(
                    'Waves dealt out by chance give as much in ', cast(round(1000 * {{ j }}.p_value) as int),
                    ' of 1,000 deals. '
                )
            else ''
        end,
        'A true change below ',
        round((1.959963984540054 + 0.8416212335729143) * {{ j }}.standard_error, 2), ' would probably go unseen. ',
        {{ j }}.waves_contributing,
        case when {{ j }}.waves_contributing = 1 then ' wave counts' else ' waves count' end,
        '; the last never does, for nobody was left waiting. ',
        case
            when abs({{ j }}.before_estimate) > {{ level_z(0.95) }} * {{ j }}.before_error
                then 'The wards already moved apart before they joined: do not rely on this. '
            else ''
        end,
        'One of ', {{ compared }}.indicators_estimated, ' indicators looked at.'
    )
end
{%- endmacro %}
