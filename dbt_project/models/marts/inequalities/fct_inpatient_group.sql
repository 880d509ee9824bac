{{ group_figures(['inpatient'], 'inpatient_group_key') }}
