from . import res_company

# Staff handover
from . import customer_handover
from . import customer_handover_flow
from . import customer_handover_receiver
from . import customer_handover_kind
from . import customer_handover_item
from . import customer_handover_letter
from . import customer_holding
from . import customer_metrics
from . import crm_lead
from . import sale_order
from . import account_move
from . import calendar_event
from . import tier_review
from . import res_users
