{{ group_figures(['outpatient', 'waiting'], 'access_group_key') }}
