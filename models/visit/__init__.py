# Visits: every planned or held contact with a customer
from . import res_company_visit
from . import customer_visit
from . import crm_lead_visit
from . import customer_metrics_visit
from . import customer_tier_breach_visit
from . import res_partner_visit
