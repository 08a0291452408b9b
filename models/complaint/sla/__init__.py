from . import customer_sla_policy
from . import customer_sla_milestone
from . import customer_sla_escalation
from . import customer_sla_clock
from . import customer_sla_extension
from . import customer_complaint
from . import customer_tier
from . import customer_complaint_dispatch
