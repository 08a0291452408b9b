# Tiers, segments, lifecycle
from . import res_company
from . import res_users
from . import res_config_settings
from . import customer_tier
from . import customer_tier_history
from . import customer_tier_breach
from . import customer_segment_dimension
from . import customer_segment
from . import customer_segment_past
from . import customer_segment_assignment
from . import customer_lifecycle_cause
from . import customer_lifecycle_change
from . import res_partner_tier
from . import res_partner_lifecycle
from . import res_partner_terms
from . import res_partner_move
from . import res_partner_branches
from . import base_partner_merge
from . import sale_order

# Figures and data of customers
from . import survey_survey
from . import customer_metrics
from . import customer_metrics_nightly  # after the figures: extends their nightly job
from . import mail_activity_type
from . import res_partner_metrics
from . import customer_data_field
from . import customer_data_review
from . import customer_data_correction
from . import customer_information
from . import res_partner_data
from . import res_partner_collision
from . import crm_lead
from . import customer_figure
