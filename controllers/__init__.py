from . import complaint_portal
from . import complaint_callback
from . import complaint_provider
