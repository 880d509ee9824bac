{{ spc_series(ref('int_indicators__spc_point'), var('spc_rule_profile')) }}
