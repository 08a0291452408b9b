# Complaints: intake, flow, dispatch, call-back, money, lessons
from . import res_company
from . import res_users
from . import res_config_settings
from . import customer_complaint_channel
from . import customer_complaint_category
from . import customer_complaint_team
from . import customer_complaint
from . import customer_complaint_class
from . import customer_complaint_repeat
from . import customer_complaint_flow
from . import customer_complaint_talk
from . import customer_complaint_callback
from . import customer_complaint_escalation
from . import customer_complaint_signoff
from . import customer_complaint_anomaly
from . import customer_complaint_evidence
from . import customer_complaint_evidence_line
from . import customer_complaint_project
from . import customer_complaint_project_week
from . import customer_complaint_line
from . import customer_complaint_dispatch
from . import customer_complaint_dispatch_reply
from . import customer_complaint_action
from . import customer_complaint_followup
from . import customer_complaint_force_close
from . import customer_complaint_lesson
from . import customer_complaint_return
from . import customer_compensation_document_type
from . import customer_compensation
from . import customer_compensation_document
from . import customer_visit
from . import customer_visit_callback
from . import customer_measure
from . import customer_metrics
from . import res_partner

# Deadlines: policies, clocks, ledger; what customers and providers see of them
from . import sla
from . import customer_complaint_portal
from . import customer_complaint_dispatch_portal

# Figures
from . import customer_complaint_rates
from . import customer_complaint_cutoff
from . import customer_figure
