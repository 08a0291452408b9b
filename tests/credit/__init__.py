from . import test_credit_assessment
from . import test_credit_exposure
from . import test_credit_guard
from . import test_credit_limit_journal
from . import test_credit_release
