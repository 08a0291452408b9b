from . import test_credit_assessment
from . import test_credit_exposure
from . import test_credit_guard
from . import test_credit_limit_journal
from . import test_credit_merge
from . import test_credit_release
from . import test_order_authority
from . import test_credit_watch
