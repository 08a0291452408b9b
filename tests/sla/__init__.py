from . import (
    test_sla_any_record,
    test_sla_calendar_fill,
    test_sla_case_flow,
    test_sla_changes,
    test_sla_extension,
    test_sla_job,
    test_sla_job_workers,
    test_sla_policies,
)
