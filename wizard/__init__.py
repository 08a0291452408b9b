from . import comment_wizard
from . import customer_tier_change
