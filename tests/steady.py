"""Property tests on a machine that does other things at the time: drawing slowly is no fault."""

from hypothesis import HealthCheck, settings

settings.register_profile("steady", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
