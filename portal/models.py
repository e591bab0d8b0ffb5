from portal.audit import AuditHead, Event

__all__ = ["AuditHead", "Event"]
