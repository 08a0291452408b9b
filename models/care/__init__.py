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
