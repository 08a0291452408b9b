# Visits: every planned or held contact with a customer
from . import res_company
from . import res_users
from . import customer_visit
from . import crm_lead
from . import customer_metrics
from . import customer_tier_breach
from . import res_partner
