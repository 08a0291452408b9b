from . import mail
from . import complaint_portal
from . import complaint_callback
from . import complaint_provider
from . import provider_portal
from . import archive_download
from . import archive_upload
from . import export
