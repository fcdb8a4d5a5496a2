"""The demo province: invented in every name and code, true to the size of a real one."""
