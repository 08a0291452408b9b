from . import customer_company_mixin
from . import customer_transition_mixin
from . import customer_approval_mixin
from . import customer_numbering_mixin
from . import customer_once_mixin
from . import customer_background_mixin
from . import tier_review
