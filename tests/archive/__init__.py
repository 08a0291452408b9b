from . import test_archive_freeze
from . import test_archive_numbers
