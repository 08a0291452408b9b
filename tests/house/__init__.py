from . import test_reader_language
from . import test_error_dialogs
from . import test_export
from . import test_layout
from . import test_menus
from . import test_moments
from . import test_reference
from . import test_views
