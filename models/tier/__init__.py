# Tiers, segments, lifecycle
from . import res_company_lifecycle
from . import customer_tier
from . import customer_tier_history
from . import res_partner_tier
from . import res_partner_lifecycle
from . import base_partner_merge
