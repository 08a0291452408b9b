# Tiers, segments, lifecycle
from . import res_company_lifecycle
from . import customer_tier
from . import customer_tier_history
from . import res_partner_tier
from . import res_partner_lifecycle
from . import base_partner_merge
# Figures and data of customers
from . import customer_metrics, mail_activity_type, res_company_nightly, res_partner_metrics
