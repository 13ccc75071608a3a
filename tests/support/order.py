"""The test files that take longest, longest first: a worker that began one last would work on when all else is done."""

DEAREST = (
    "test_campaign_crash",
    "test_lives",
    "test_desk_cli_forecast",
    "test_bare_program",
    "test_desk_cli_month",
    "test_desk_cli_bank",
    "test_flows_schedules",
    "test_campaign_model",
    "test_campaign_bad_input",
    "test_flows_actions_reconcile_months",
    "test_ledgers_checks_self_check",
    "test_ledgers_dossier_handovers",
    "test_flows_actions_review",
    "test_ledgers_bank_resolutions",
    "test_flows_actions_concurrency",
    "test_roles",
    "test_human_errors",
    "test_desk_cli_free_text",
    "test_the_tests",
)
