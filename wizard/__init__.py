from . import comment_wizard
from . import customer_tier_change
from . import customer_review_impact
from . import customer_review_impact_line
from . import customer_complaint_close
from . import customer_sla_pause
from . import customer_calendar_fill
from . import customer_complaint_bulletin
