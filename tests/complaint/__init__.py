from . import (
    test_complaint_actions,
    test_complaint_callback,
    test_complaint_dispatch,
    test_complaint_escalation,
    test_complaint_figures,
    test_complaint_flow,
    test_complaint_force_close,
    test_complaint_intake,
    test_complaint_lessons,
    test_complaint_mail,
    test_complaint_numbers,
    test_complaint_papers,
    test_complaint_portal,
    test_complaint_repeat_cases,
    test_complaint_returns,
    test_complaint_roles,
    test_complaint_tours,
    test_compensation,
)
from . import (
    test_sla_calendar_fill,
    test_sla_case_flow,
    test_sla_extension,
    test_sla_job,
    test_sla_job_workers,
    test_sla_policies,
)
from . import test_complaint_bulletin, test_complaint_month_figures, test_provider_period
