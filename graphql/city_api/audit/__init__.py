"""The audit log 审计日志, for the auditor."""
