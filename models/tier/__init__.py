# Tiers, segments, lifecycle
from . import res_company_lifecycle
from . import res_config_settings_tier
from . import customer_tier
from . import customer_tier_history
from . import customer_tier_breach
from . import customer_segment_dimension
from . import customer_segment
from . import customer_segment_assignment
from . import customer_lifecycle_cause
from . import customer_lifecycle_change
from . import res_partner_tier
from . import res_partner_lifecycle
from . import res_partner_segment
from . import res_partner_breach
from . import res_partner_impact
from . import base_partner_merge
from . import sale_order_lifecycle

# Figures and data of customers
from . import customer_metrics, mail_activity_type, res_company_nightly, res_partner_metrics
from . import customer_metrics_nightly  # after the figures: extends their nightly job
# Figures and data of customers
from . import (
    base_partner_merge,
    crm_lead_collision,
    customer_data_correction,
    customer_data_field,
    customer_data_review,
    customer_information,
    customer_metrics,
    customer_tier,
    customer_tier_data,
    customer_tier_history,
    mail_activity_type,
    res_company_data_review,
    res_company_lifecycle,
    res_company_nightly,
    res_config_settings_data_review,
    res_partner_collision,
    res_partner_data,
    res_partner_data_review,
    res_partner_key_data,
    res_partner_lifecycle,
    res_partner_metrics,
    res_partner_tier,
)
