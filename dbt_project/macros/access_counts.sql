{#-
    The counts of patients that the models of access carry side by side, by what is counted: appointments (`outpatient`),
    pathways on a copy of the waiting list (`waiting`), admissions and discharges (`inpatient`), admissions that a ward saw
    (`ward`); `.split()` lists them.
    Where one is what is left of another it stands here too, so that no subtraction of two shown ones tells it.
-#}
{% macro access_counts(topic) -%}
{{ {
    'outpatient':
        'past unoutcomed booked cancelled_by_patient cancelled_by_provider due missed due_first missed_first '
        'due_follow_up missed_follow_up due_medium due_face_to_face missed_face_to_face due_virtual missed_virtual '
        'interpreter_asked interpreter_needed interpreter_met travel_known travel_far',
    'waiting': 'waiting over_18_weeks from_18_to_52_weeks over_52_weeks from_52_to_65_weeks over_65_weeks',
    'inpatient':
        'admitted admitted_elective admitted_emergency left_alive stayed_21_days before_noon followed readmitted '
        'not_followed',
    'ward': 'on_ward',
}[topic] }}
{%- endmacro %}
