from . import test_archive_freeze
from . import test_archive_numbers
from . import test_archive_deed_return
from . import test_archive_deeds
from . import test_archive_inventories
from . import test_archive_loan_race
from . import test_archive_loans
from . import test_archive_locations
