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
from . import customer_metrics
from . import customer_metrics_nightly  # after the figures: extends their nightly job
from . import mail_activity_type
from . import res_company_nightly
from . import res_partner_metrics
from . import customer_data_field
from . import customer_tier_data
from . import customer_data_review
from . import customer_data_review_cron
from . import customer_data_correction
from . import res_company_data_review
from . import res_config_settings_data_review
from . import customer_information
from . import res_partner_data
from . import res_partner_key_data
from . import res_partner_data_review
from . import res_partner_collision
from . import crm_lead_collision
