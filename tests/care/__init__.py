from . import test_care_due
from . import test_next_contact
from . import test_care_coverage
from . import test_plan_contacts
from . import test_care_tours
