from . import test_error_dialogs
from . import test_layout
