{#- The counts of appointments that the models of access carry side by side, by name; `.split()` lists them. -#}
{% macro access_counts() -%}
past unoutcomed booked cancelled_by_patient cancelled_by_provider due missed due_first missed_first due_follow_up
missed_follow_up due_medium due_face_to_face missed_face_to_face due_virtual missed_virtual interpreter_asked
interpreter_needed interpreter_met travel_known travel_far
{%- endmacro %}
