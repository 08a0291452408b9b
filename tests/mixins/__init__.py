from . import test_approval_mixin
from . import test_background_mixin
from . import test_numbering_mixin
from . import test_once_mixin
from . import test_transition_mixin
