"""What people do. Each act is the same three lines: require a permit, do it, write the audit entry.

Web and commands call these functions and nothing below them; who asks is always the second argument.
"""
