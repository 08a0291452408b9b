# Customer care: contacts that are due, who must not be contacted, how well the plan was kept
from . import res_company
from . import customer_care_source
from . import customer_care_interval
from . import customer_care_block
from . import customer_metrics
from . import customer_care_due
from . import customer_care_coverage
from . import customer_tier_breach
from . import customer_visit
from . import mail_compose_message
from . import res_partner
from . import res_config_settings

# Staff handover
from . import customer_handover
from . import customer_handover_flow
from . import customer_handover_receiver
from . import customer_handover_kind
from . import customer_handover_item
from . import customer_handover_letter
from . import customer_holding
from . import crm_lead
from . import sale_order
from . import account_move
from . import calendar_event
from . import tier_review
from . import res_users
